/* Parts of grid.js, loaded before it: the line that says how the table stands, and undo with redo. */
(function () {
  "use strict";

  const LISTED = 4;
  const EMPTY = "trống";

  const label = (cell) => cell.getAttribute("aria-label") || cell.name;
  const wrote = (value) => value || EMPTY;

  /* What was saved, and the refused cells as links with the reason of the one in hand. Always in view, and always
     read from the cells: what is not red is not listed. */
  class StatusLine {
    constructor(form) {
      this.form = form;
      this.note = "";
      this.tone = "";
      this.text = document.createElement("span");
      this.text.className = "grid-status";
      this.text.setAttribute("role", "status");
      this.list = document.createElement("ul");
      this.list.className = "grid-refused";
      this.list.hidden = true;
      this.dock();
      form.addEventListener("focusin", () => this.follow());
      this.list.addEventListener("click", (event) => this.open(event));
      this.follow();
    }

    /* The foot of the form and the list stay at the lower edge of the window together. */
    dock() {
      const dock = document.createElement("div");
      dock.className = "grid-dock";
      const foot = this.form.querySelector(".grid-foot") || document.createElement("p");
      foot.append(this.text);
      dock.append(this.list, foot);
      this.form.append(dock);
    }

    say(note, tone) {
      this.note = note;
      this.tone = tone;
      this.follow();
    }

    /* Cells change one after another: one look after the last of them. */
    follow() {
      if (this.isDue) return;
      this.isDue = true;
      queueMicrotask(() => { this.isDue = false; this.show(); });
    }

    show() {
      const wrong = [...this.form.querySelectorAll(".is-wrong input[data-cell]")];
      const text = [this.note, wrong.length ? `${wrong.length} ô chưa lưu được` : ""].filter(Boolean).join(" · ");
      if (this.text.textContent !== text) this.text.textContent = text;
      this.text.dataset.tone = wrong.length ? "error" : this.tone;
      const inHand = wrong.find((cell) => cell === document.activeElement) || wrong[0];
      const listed = inHand ? [inHand, ...wrong.filter((cell) => cell !== inHand)] : [];
      this.list.hidden = !listed.length;
      if (this.list.contains(document.activeElement)) return;
      this.list.replaceChildren(...listed.slice(0, LISTED).map((cell, at) => this.entry(cell, at === 0)));
      if (listed.length > LISTED) this.list.append(this.rest(listed.length - LISTED));
    }

    entry(cell, isFirst) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      cell.id = cell.id || `cell-${cell.name}`;
      link.href = `#${cell.id}`;
      link.textContent = label(cell);
      item.append(link);
      const why = cell.closest("td").querySelector(".cell-why");
      if (isFirst && why) item.append(`: ${why.textContent}`);
      return item;
    }

    rest(count) {
      const item = document.createElement("li");
      item.textContent = `và ${count} ô khác`;
      return item;
    }

    open(event) {
      const link = event.target.closest("a");
      const cell = link && document.getElementById(link.hash.slice(1));
      if (!cell) return;
      event.preventDefault();
      const folded = cell.closest("details");
      if (folded) folded.open = true;
      cell.focus();
      cell.select();
    }
  }

  /* Saves that can be taken back and done again. While a cell is being typed the browser undoes letters. */
  class History {
    constructor(grid) {
      this.grid = grid;
      this.done = [];
      this.undone = [];
    }

    /* ``before``: stored values by cell that a save replaced; ``refused``: names of its cells that were not written. */
    add(before, refused) {
      const after = {};
      Object.keys(before).forEach((name) => { after[name] = this.grid.cell(name).dataset.stored; });
      if (Object.keys(before).length || refused.length) this.done.push({ before, after, refused });
    }

    forgetUndone() {
      this.undone = [];
    }

    /* True where the key was taken: Ctrl+Z, Ctrl+Y, Ctrl+Shift+Z. */
    key(event, cell) {
      const letter = event.key.toLowerCase();
      if (!(event.ctrlKey || event.metaKey) || event.altKey || (letter !== "z" && letter !== "y")) return false;
      this.done = this.done.filter((step) => this.isLeft(step));
      const isTyping = cell.value.trim() !== cell.dataset.stored && cell.dataset.refused !== cell.value;
      const isRedo = letter === "y" || event.shiftKey;
      const [from, to] = isRedo ? [this.undone, this.done] : [this.done, this.undone];
      if (isTyping || !from.length || this.grid.isWaiting(cell.name)) return true;
      event.preventDefault();
      const step = from.pop();
      if (Object.keys(step.before).length) to.push(step);
      if (isRedo) this.apply(step.before, step.after, "Đã làm lại");
      else this.takeBack(step);
      return true;
    }

    /* A step whose refused cells were put right one by one leaves nothing to take back. */
    isLeft(step) {
      return Object.keys(step.before).length > 0 || step.refused.some((name) => this.grid.cell(name).matches(".is-wrong *"));
    }

    takeBack(step) {
      const cells = step.refused.map((name) => this.grid.cell(name)).filter((cell) => cell && cell.matches(".is-wrong *"));
      cells.forEach((cell) => this.grid.reset(cell));
      if (cells.length) this.grid.say(`Đã bỏ ${cells.length} ô chưa lưu được`, "ok");
      step.refused = [];
      this.apply(step.after, step.before, "Đã hoàn tác");
    }

    apply(old, wanted, verb) {
      const cells = Object.keys(wanted).map((name) => this.grid.cell(name)).filter(Boolean);
      if (!cells.length) return;
      cells.forEach((cell) => { cell.value = wanted[cell.name]; });
      const [only] = cells;
      const what = cells.length > 1 ? `${cells.length} ô` : `${label(only)} ${wrote(old[only.name])} → ${wrote(wanted[only.name])}`;
      this.grid.commit(cells, `${verb}: ${what}`);
      only.focus();
      only.select();
    }
  }

  window.gridParts = { StatusLine, History };
})();
