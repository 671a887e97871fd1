/* A table of typed cells that saves itself. Without this file it is a plain form with a submit button.

   Markup
     <form data-grid method="post" action="…">           csrfmiddlewaretoken inside
       <input type="hidden" name="version-PK" data-version-of="PK">   optional, for the plain form; kept in step
       <tr id="…" data-row="PK" data-version="N">         PK may stand in several tables of the form
         <td class="grid-input"><input data-cell name="…" value="what is stored"></td>
     data-cell-stored="…" on an input: what is stored, where value shows what was typed and refused.

   Request: POST to the form's action, header HX-Request: true, form-encoded:
     the changed cells only (name=value; several after a paste), version-PK of each row they stand in,
     and the CSRF token as X-CSRFToken. One request at a time, so versions stay in step.

   Answer: HTML. Every outermost element with an id replaces the element of that id on the page: rows (inside a
     <table>), totals, figures, findings. A row is merged cell by cell: focus, caret and what is being typed stay.
     A refused cell is an <input data-cell> in a td.is-wrong with a .cell-why that says what, why, what to do.
     200  all written.
     422  cells in td.is-wrong are not written, the others are.
     409  nothing is written; cells in td.is-wrong carry what is stored and who stored it, and the row its new
          version; the rest of the request is sent again. Escape takes the stored value, typing again overwrites.
     Elsewhere redirected (signed out), 408, 429, 5xx, no network: sent again after 2, 4, 8 … 60 s.
     Other 4xx: the cells are marked as not written, with the status; nothing is lost on the page. */
(function () {
  "use strict";

  const { StatusLine, History } = window.gridParts;
  const WAIT = { first: 2000, longest: 60000, request: 20000 };
  const WORDS = { saving: "đang lưu", saved: "đã lưu", unsent: "chưa gửi, sẽ gửi lại", wrong: "lỗi", conflict: "đã bị sửa" };

  class Grid {
    constructor(form) {
      this.form = form;
      this.queue = [];
      this.flying = null;
      this.timer = 0;
      this.wait = WAIT.first;
      this.composing = false;
      this.afterComposition = [];
      form.dataset.live = "";
      this.line = new StatusLine(form);
      this.history = new History(this);
      this.cells().forEach((cell) => this.remember(cell));
      this.listen();
    }

    /* --- the page ----------------------------------------------------------------------------------------- */

    say(text, tone) {
      this.line.say(text, tone);
    }

    cells(root) {
      return [...(root || this.form).querySelectorAll("input[data-cell]")];
    }

    cell(name) {
      return this.form.querySelector(`input[data-cell][name="${CSS.escape(name)}"]`);
    }

    remember(cell) {
      cell.dataset.stored = cell.dataset.cellStored !== undefined ? cell.dataset.cellStored : cell.defaultValue;
    }

    mark(cell, state) {
      const box = cell.closest("td");
      let label = box.querySelector(".cell-state");
      if (!label) {
        label = document.createElement("span");
        label.className = "cell-state";
        box.append(label);
      }
      label.textContent = WORDS[state] || "";
      box.dataset.state = state;
      if (state !== "wrong" && state !== "conflict") this.unblame(cell);
      if (state !== "wrong") delete cell.dataset.refused;
      this.line.follow();
    }

    blame(cell, state, why) {
      this.unblame(cell);
      const box = cell.closest("td");
      const note = document.createElement("span");
      note.className = "cell-why";
      note.id = `why-${cell.name}`;
      note.textContent = why;
      box.append(note);
      box.title = why;
      box.classList.add("is-wrong");
      cell.setAttribute("aria-invalid", "true");
      cell.setAttribute("aria-describedby", note.id);
      this.mark(cell, state);
      if (state === "wrong") cell.dataset.refused = cell.value;
    }

    unblame(cell) {
      const box = cell.closest("td");
      box.classList.remove("is-wrong");
      box.removeAttribute("title");
      box.querySelectorAll(".cell-why").forEach((note) => note.remove());
      cell.removeAttribute("aria-invalid");
      cell.removeAttribute("aria-describedby");
    }

    /* --- saving ------------------------------------------------------------------------------------------- */

    isWaiting(name) {
      return this.queue.some((batch) => name in batch.values) || Boolean(this.flying && name in this.flying.values);
    }

    /* Queue the cells whose value differs from what is stored, as one batch that undo takes back together.
       ``notice`` stands for an undo or redo: what to say once it is stored; ``left``: what a paste could not place. */
    commit(cells, notice, left) {
      const batch = { values: {}, before: {}, notice: notice || "", left: left || "" };
      for (const cell of cells) {
        const value = cell.value.trim();
        if (value === cell.dataset.stored && !this.isWaiting(cell.name)) {
          this.mark(cell, "");
          continue;
        }
        this.queue.forEach((earlier) => delete earlier.values[cell.name]);
        batch.values[cell.name] = value;
        batch.before[cell.name] = cell.dataset.stored;
        this.mark(cell, "saving");
      }
      this.queue = this.queue.filter((earlier) => Object.keys(earlier.values).length);
      if (!Object.keys(batch.values).length) {
        if (batch.left) this.say(batch.left, "soon");
        return;
      }
      if (!batch.notice) this.history.forgetUndone();
      this.queue.push(batch);
      this.say("Đang lưu", "");
      this.send();
    }

    async send() {
      if (this.flying || !this.queue.length) return;
      clearTimeout(this.timer);
      this.flying = this.queue.shift();
      this.isSessionOver = false;
      const answer = await this.post(this.flying.values);
      if (answer) this.whenNotComposing(() => this.settle(answer));
      else this.postpone();
    }

    /* The answer as {status, page}; null when it did not come from the view: try again later. */
    async post(values) {
      const body = new URLSearchParams(values);
      for (const name of Object.keys(values)) {
        const row = this.cell(name).closest("tr");
        body.set(`version-${row.dataset.row}`, row.dataset.version);
      }
      const stop = new AbortController();
      const timer = setTimeout(() => stop.abort(), WAIT.request);
      try {
        const response = await fetch(this.form.action, {
          method: "POST", body, signal: stop.signal, credentials: "same-origin",
          headers: { "HX-Request": "true", "X-CSRFToken": this.token() },
        });
        const status = response.status;
        if (status === 408 || status === 429 || status >= 500) return null;
        this.isSessionOver = response.redirected && new URL(response.url).pathname !== new URL(this.form.action).pathname;
        if (this.isSessionOver) return null;
        return { status, page: new DOMParser().parseFromString(await response.text(), "text/html") };
      } catch (_lost) {
        return null;
      } finally {
        clearTimeout(timer);
      }
    }

    token() {
      const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
      return cookie ? cookie[1] : this.form.querySelector("[name=csrfmiddlewaretoken]").value;
    }

    postpone() {
      const lost = this.flying;
      this.flying = null;
      this.queue.unshift(lost);
      this.queue.forEach((batch) => Object.keys(batch.values).forEach((name) => this.mark(this.cell(name), "unsent")));
      const count = new Set(this.queue.flatMap((batch) => Object.keys(batch.values))).size;
      const why = this.isSessionOver ? "Hết phiên đăng nhập: mở thẻ mới đăng nhập lại, máy sẽ tự gửi tiếp." : "Mất kết nối, máy sẽ tự gửi lại.";
      this.say(`${why} ${count} ô chưa gửi.`, "soon");
      this.timer = setTimeout(() => this.send(), this.wait);
      this.wait = Math.min(this.wait * 2, WAIT.longest);
    }

    settle({ status, page }) {
      const batch = this.flying;
      this.flying = null;
      this.wait = WAIT.first;
      if (status >= 400 && status !== 422 && status !== 409) return this.refuse(batch, status);
      this.form.querySelectorAll('[data-state="saved"] input').forEach((cell) => this.mark(cell, ""));
      this.swap(page, batch);
      this.report(batch, status, page);
      return this.send();
    }

    refuse(batch, status) {
      const why = status === 403 ? "Không có quyền sửa, hoặc trang đã cũ: tải lại trang." : `Máy chủ không nhận (mã ${status}). Tải lại trang rồi gõ lại.`;
      Object.keys(batch.values).forEach((name) => this.blame(this.cell(name), "wrong", why));
      this.say("", "");
      this.send();
    }

    /* States of the cells that were sent, after the rows were merged. */
    report(batch, status, page) {
      const again = {};
      const before = {};
      const refused = [];
      for (const name of Object.keys(batch.values)) {
        const cell = this.cell(name);
        const answered = page.querySelector(`input[data-cell][name="${CSS.escape(name)}"]`);
        const why = answered && answered.closest("td").querySelector(".cell-why");
        if (this.isWaiting(name)) continue;
        if (why) {
          refused.push(name);
          this.blame(cell, status === 409 ? "conflict" : "wrong", why.textContent);
        } else if (status === 409) {
          again[name] = batch.values[name];
        } else {
          before[name] = batch.before[name];
          this.mark(cell, cell.value.trim() === cell.dataset.stored ? "saved" : "");
        }
      }
      if (Object.keys(again).length) this.queue.unshift({ values: again, before: batch.before, notice: batch.notice, left: batch.left });
      if (!batch.notice) this.history.add(before, refused);
      const saved = batch.notice || `Đã lưu lúc ${new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" })}`;
      this.say([Object.keys(before).length ? saved : "", batch.left].filter(Boolean).join(". "), batch.left ? "soon" : "ok");
    }

    /* --- what the server answered, into the page ------------------------------------------------------------ */

    swap(page, batch) {
      const outermost = [...page.querySelectorAll("[id]")].filter((element) => !element.parentElement.closest("[id]"));
      for (const fresh of outermost) {
        const old = document.getElementById(fresh.id);
        if (!old) continue;
        if (old.matches("tr[data-row]") && this.form.contains(old)) this.mergeRow(old, fresh, batch);
        else if (!old.contains(document.activeElement)) old.replaceWith(document.adoptNode(fresh));
      }
    }

    mergeRow(old, fresh, batch) {
      old.dataset.version = fresh.dataset.version;
      this.form.querySelectorAll(`[data-version-of="${old.dataset.row}"]`).forEach((field) => { field.value = fresh.dataset.version; });
      [...old.cells].forEach((box, index) => {
        const freshBox = fresh.cells[index];
        const cell = box.querySelector("input[data-cell]");
        const freshCell = freshBox && freshBox.querySelector("input[data-cell]");
        if (cell && freshCell) this.mergeCell(cell, freshCell, batch);
        else if (freshBox && !cell) box.replaceWith(document.adoptNode(freshBox.cloneNode(true)));
      });
    }

    /* Take over what is stored; the shown value only where nobody is typing something else. */
    mergeCell(cell, fresh, batch) {
      const refused = Boolean(fresh.closest(".is-wrong"));
      const sent = batch.values[cell.name];
      const untouched = cell.value.trim() === cell.dataset.stored || cell.value.trim() === sent;
      if (refused && fresh.defaultValue === sent) return;
      const stored = fresh.dataset.cellStored !== undefined ? fresh.dataset.cellStored : fresh.defaultValue;
      if (refused || sent === undefined || !this.isWaiting(cell.name)) cell.dataset.stored = stored;
      if (refused || !untouched || this.isWaiting(cell.name)) return;
      cell.defaultValue = stored;
      if (cell.value !== stored) {
        const isSelected = cell === document.activeElement && cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
        cell.value = stored;
        if (isSelected) cell.select();
      }
    }

    /* --- the keyboard --------------------------------------------------------------------------------------- */

    listen() {
      const form = this.form;
      form.addEventListener("compositionstart", () => { this.composing = true; });
      form.addEventListener("compositionend", () => this.endComposition());
      form.addEventListener("mousedown", (event) => { this.clicked = event.target.matches("[data-cell]") && event.target !== document.activeElement; });
      form.addEventListener("click", (event) => { if (this.clicked && event.target.matches("[data-cell]")) event.target.select(); });
      form.addEventListener("change", (event) => this.change(event.target));
      form.addEventListener("input", (event) => this.forgive(event.target));
      form.addEventListener("keydown", (event) => this.key(event));
      form.addEventListener("paste", (event) => this.paste(event));
      form.addEventListener("submit", (event) => { if (event.submitter === null) event.preventDefault(); else this.isLeaving = true; });
      window.addEventListener("online", () => this.send());
      window.addEventListener("focus", () => this.send());
      window.addEventListener("beforeunload", (event) => { if (!this.isLeaving && this.hasUnsent()) event.preventDefault(); });
    }

    /* A value that was refused is not sent again until it is typed anew. */
    change(cell) {
      if (cell.matches("[data-cell]") && cell.dataset.refused !== cell.value) this.commit([cell]);
    }

    /* A refused cell that shows the stored value again is right again. */
    forgive(cell) {
      if (cell.matches(".is-wrong [data-cell]") && cell.value.trim() === cell.dataset.stored && !this.isWaiting(cell.name)) this.mark(cell, "");
    }

    hasUnsent() {
      const active = document.activeElement;
      const isTyping = active && active.matches("[data-cell]") && this.form.contains(active) && active.value.trim() !== active.dataset.stored;
      return Boolean(this.flying || this.queue.length || isTyping);
    }

    whenNotComposing(act) {
      if (this.composing) this.afterComposition.push(act);
      else act();
    }

    endComposition() {
      this.composing = false;
      this.afterComposition.splice(0).forEach((act) => act());
    }

    key(event) {
      const cell = event.target;
      if (event.isComposing || event.keyCode === 229 || this.composing || !cell.matches("[data-cell]")) return;
      if (this.history.key(event, cell)) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const isWhole = cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
      const atStart = cell.selectionStart === 0 && cell.selectionEnd === 0;
      const atEnd = cell.selectionStart === cell.value.length && cell.selectionEnd === cell.value.length;
      const moves = {
        Enter: [event.shiftKey ? -1 : 1, 0], ArrowDown: [1, 0], ArrowUp: [-1, 0],
        ArrowLeft: isWhole || atStart ? [0, -1] : null, ArrowRight: isWhole || atEnd ? [0, 1] : null,
      };
      if (event.key === "Escape") this.restore(event, cell);
      else if (moves[event.key] && (event.key === "Enter" || !event.shiftKey)) this.move(event, cell, ...moves[event.key]);
    }

    restore(event, cell) {
      event.preventDefault();
      this.queue.forEach((batch) => delete batch.values[cell.name]);
      this.queue = this.queue.filter((batch) => Object.keys(batch.values).length);
      this.reset(cell);
      cell.select();
    }

    reset(cell) {
      cell.value = cell.dataset.stored;
      cell.defaultValue = cell.dataset.stored;
      this.mark(cell, "");
    }

    move(event, cell, down, right) {
      event.preventDefault();
      const next = right ? this.beside(cell, right) : this.below(cell, down);
      if (!next) this.change(cell);
      (next || cell).focus();
      (next || cell).select();
    }

    rows(cell) {
      return [...cell.closest("table").querySelectorAll("tr[data-row]")];
    }

    below(cell, step) {
      const row = this.rows(cell)[this.rows(cell).indexOf(cell.closest("tr")) + step];
      return row && row.cells[cell.closest("td").cellIndex].querySelector("input[data-cell]");
    }

    beside(cell, step) {
      const line = this.cells(cell.closest("tr"));
      return line[line.indexOf(cell) + step];
    }

    /* A block from a spreadsheet lands on the table as it is shown; computed cells let it pass. */
    paste(event) {
      const start = event.target;
      const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
      if (!start.matches("[data-cell]") || !/[\t\n]/.test(text)) return;
      event.preventDefault();
      const block = text.split("\n").map((line) => line.split("\t"));
      const rows = this.rows(start).slice(this.rows(start).indexOf(start.closest("tr")));
      const filled = [];
      block.slice(0, rows.length).forEach((line, down) => line.forEach((value, right) => {
        const box = rows[down].cells[start.closest("td").cellIndex + right];
        const cell = box && box.querySelector("input[data-cell]");
        if (!cell || cell.readOnly || cell.disabled) return;
        cell.value = value.trim();
        filled.push(cell);
      }));
      const left = block.length - rows.length;
      this.commit(filled, "", left > 0 ? `Bỏ qua ${left} dòng cuối của phần dán vì bảng đã hết dòng` : "");
      start.select();
    }
  }

  document.querySelectorAll("form[data-grid]").forEach((form) => { if (form.querySelector("input[data-cell]")) new Grid(form); });
})();
