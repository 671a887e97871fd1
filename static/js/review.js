/* The review form: keys on the switches, a live result, and nothing typed is ever lost.
   Without this file it is a plain form: switches are radios, «Lưu nháp» and «Lưu, sang hộ sau» are buttons.

   What is typed goes at once into localStorage (fields of the form only, which has no citizen numbers) and, after a
   pause, to the server's draft. An entry that the server has confirmed carries ``sent``; on coming back an entry
   without it is newer than the server's draft and is filled in, with a notice and a way to drop it.

   Saving: POST of the form with HX-Request. 200 with HX-Redirect: stored, go there. 422, 409: the answer's <main>
   replaces ours. No answer, 5xx or the login page: the form stays, says so, and is sent again when the line is back. */
(function () {
  "use strict";

  const PREFIX = "povertyplan-review";
  const WAIT = { preview: 350, draft: 1500, first: 3000, longest: 30000, request: 20000 };
  const WORDS = {
    typing: "Chưa lưu nháp…",
    sending: "Đang lưu nháp…",
    lost: "Mất mạng: đã giữ trên máy này, sẽ tự gửi lại.",
    saving: "Đang lưu phiếu…",
    unsaved: "Mất mạng: phiếu chưa lưu, đã giữ trên máy này. Máy tự gửi lại khi có mạng, hoặc bấm lưu lần nữa.",
    session: "Hết phiên đăng nhập: mở thẻ mới đăng nhập lại, máy sẽ tự gửi tiếp. Những gì đã gõ vẫn còn trên máy này.",
  };

  const composing = (event) => event.isComposing || event.keyCode === 229;

  const store = {
    read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch (_closed) { return null; } },
    write(key, entry) { try { localStorage.setItem(key, JSON.stringify(entry)); return true; } catch (_full) { return false; } },
    drop(key) { try { localStorage.removeItem(key); } catch (_closed) { /* nothing was kept there */ } },
    dropReview(pk) {
      try {
        Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}-${pk}-`)).forEach((key) => localStorage.removeItem(key));
      } catch (_closed) { /* nothing was kept there */ }
    },
  };

  class ReviewForm {
    constructor(form) {
      this.form = form;
      this.key = `${PREFIX}-${form.dataset.review}-${form.dataset.user}`;
      this.wait = WAIT.first;
      this.timers = {};
      this.isSaving = false;
      this.sentText = "";
      this.isOpen = !form.querySelector(".review-fields").disabled;
      this.switches().forEach((row) => this.mark(row));
      if (!this.isOpen) return;
      this.refill();
      if (form.dataset.draftAt !== undefined) this.later("preview", WAIT.preview, () => document.body.dispatchEvent(new Event("review-changed")));
      form.addEventListener("input", () => this.changed());
      form.addEventListener("change", (event) => { this.exclude(event.target); this.changed(); });
      form.addEventListener("keydown", (event) => this.pressed(event));
      this.focusFirst();
    }

    switches() { return [...this.form.querySelectorAll("[data-switch]")]; }

    /* --- switches ----------------------------------------------------------------------------------------- */

    chosen(row) {
      const radio = row.querySelector("input[type=radio]:checked");
      return radio ? radio.value : "";
    }

    choose(row, value) {
      row.querySelectorAll("input[type=radio]").forEach((radio) => { radio.checked = radio.value === value; });
      this.mark(row);
    }

    auto(row) { return row.querySelector("input[type=hidden]"); }

    mark(row) {
      const value = this.chosen(row);
      const auto = this.auto(row).value;
      row.classList.toggle("is-changed", Boolean(row.dataset.last && value && value !== row.dataset.last));
      row.classList.toggle("is-differing", Boolean(auto && value && value !== auto));
    }

    /* What the facts say now: an answer that followed them goes along. */
    follow() {
      this.switches().forEach((row) => {
        const why = row.querySelector(".indicator-why");
        const auto = this.auto(row);
        if (this.chosen(row) === auto.value && why.dataset.auto !== auto.value) {
          auto.value = why.dataset.auto;
          this.choose(row, auto.value);
        }
        auto.value = why.dataset.auto;
        this.mark(row);
      });
    }

    /* «Không có phương tiện nào» and the devices rule each other out: what was ticked last stands. */
    exclude(box) {
      if (!box.checked || (box.name !== "devices" && box.name !== "no_devices")) return;
      const other = box.name === "devices" ? "no_devices" : "devices";
      this.form.querySelectorAll(`input[name=${other}]`).forEach((field) => { field.checked = false; });
    }

    focusSwitch(row) {
      const radio = row.querySelector("input[type=radio]:checked") || row.querySelector("input[type=radio]");
      radio.focus();
      row.scrollIntoView({ block: "nearest" });
    }

    pressed(event) {
      if (composing(event)) return;
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.form.requestSubmit(this.form.querySelector("button.button-primary"));
        return;
      }
      const row = event.target.type === "radio" ? event.target.closest("[data-switch]") : null;
      if (!row || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      const rows = this.switches();
      const place = rows.indexOf(row);
      if (event.key === "1" || event.key === "0") {
        event.preventDefault();
        this.choose(row, event.key);
        this.focusSwitch(row);
        this.changed();
      } else if (event.key === "ArrowDown" || event.key === "Enter") {
        event.preventDefault();
        if (place + 1 < rows.length) this.focusSwitch(rows[place + 1]);
        else this.focusAfter(row);
      } else if (event.key === "ArrowUp") {
        event.preventDefault();
        if (place > 0) this.focusSwitch(rows[place - 1]);
      }
    }

    focusAfter(row) {
      const fields = [...this.form.querySelectorAll("input:not([type=hidden]), select, textarea, button")];
      const next = fields.find((field) => row.compareDocumentPosition(field) & Node.DOCUMENT_POSITION_FOLLOWING && !row.contains(field) && field.offsetParent !== null);
      if (next) next.focus();
    }

    focusFirst() {
      const wrong = this.form.querySelector("[aria-invalid=true]") || this.form.querySelector(".errors");
      const box = wrong && (wrong.matches("input, select, textarea") ? wrong : wrong.parentElement.querySelector("input:not([type=hidden]), select, textarea"));
      if (box) { box.focus(); return; }
      const came = new URLSearchParams(window.location.search).has("saved");
      const first = this.form.querySelector("input[type=text], select");
      if (came && first) first.focus();
    }

    /* --- keeping what is typed ------------------------------------------------------------------------------ */

    fields() {
      return [...new FormData(this.form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
    }

    changed() {
      this.switches().forEach((row) => this.mark(row));
      clearTimeout(this.timers.save);
      this.retry = null;
      const kept = store.write(this.key, { fields: this.fields(), at: Date.now(), sent: false });
      this.say(kept ? WORDS.typing : "", "");
      this.later("preview", WAIT.preview, () => document.body.dispatchEvent(new Event("review-changed")));
      this.later("draft", WAIT.draft, () => this.sendDraft());
    }

    later(name, wait, work) {
      clearTimeout(this.timers[name]);
      this.timers[name] = setTimeout(work, wait);
    }

    say(text, tone) {
      const line = document.getElementById("draft-state");
      if (line) { line.textContent = text; line.dataset.tone = tone; }
    }

    refill() {
      const entry = store.read(this.key);
      const isAnswer = this.form.querySelector(".form-errors") !== null;
      if (!entry || entry.sent || isAnswer) return;
      const before = JSON.stringify(this.fields());
      this.fill(entry.fields);
      if (JSON.stringify(this.fields()) === before) return;
      const notice = document.getElementById("local-notice");
      const at = new Date(entry.at);
      const two = (number) => String(number).padStart(2, "0");
      notice.querySelector("[data-local-words]").textContent =
        `Đang hiện những gì đã gõ trên máy này lúc ${two(at.getHours())}:${two(at.getMinutes())} ${two(at.getDate())}/${two(at.getMonth() + 1)}, chưa gửi được lên máy chủ.`;
      notice.hidden = false;
      notice.querySelector("[data-local-drop]").addEventListener("click", () => {
        store.drop(this.key);
        window.location.reload();
      });
      this.later("preview", WAIT.preview, () => document.body.dispatchEvent(new Event("review-changed")));
      this.later("draft", WAIT.draft, () => this.sendDraft());
    }

    fill(fields) {
      const texts = new Map();
      fields.forEach(([name, value]) => texts.set(name, [...(texts.get(name) || []), value]));
      [...this.form.elements].forEach((field) => {
        if (!field.name || field.name === "csrfmiddlewaretoken" || field.type === "submit" || field.tagName === "FIELDSET") return;
        const given = texts.get(field.name) || [];
        if (field.type === "radio" || field.type === "checkbox") field.checked = given.includes(field.value);
        else if (given.length) field.value = given[0];
      });
      this.switches().forEach((row) => this.mark(row));
    }

    /* --- sending -------------------------------------------------------------------------------------------- */

    token() {
      const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
      return cookie ? cookie[1] : this.form.querySelector("[name=csrfmiddlewaretoken]").value;
    }

    /* The answer, or null where the line, the server or the session is gone. */
    async post(url, body) {
      const stop = new AbortController();
      const timer = setTimeout(() => stop.abort(), WAIT.request);
      try {
        const response = await fetch(url, {
          method: "POST", body, signal: stop.signal, credentials: "same-origin",
          headers: { "HX-Request": "true", "X-CSRFToken": this.token() },
        });
        if (response.redirected) { this.isSessionOver = true; return null; }
        this.isSessionOver = false;
        return response.status === 408 || response.status === 429 || response.status >= 500 ? null : response;
      } catch (_lost) {
        this.isSessionOver = false;
        return null;
      } finally {
        clearTimeout(timer);
      }
    }

    async sendDraft() {
      if (this.isSaving) return;
      const fields = this.fields();
      const text = JSON.stringify(fields);
      this.say(WORDS.sending, "");
      const response = await this.post(this.form.dataset.draftUrl, new URLSearchParams(fields));
      if (this.isSaving) return;
      if (!response) {
        this.say(this.isSessionOver ? WORDS.session : WORDS.lost, "soon");
        this.again("draft", () => this.sendDraft());
        return;
      }
      this.wait = WAIT.first;
      if (!response.ok) {
        const said = response.status === 422 ? (await response.json()).refused.join(" ") : `Máy chủ không nhận bản nháp (mã ${response.status}).`;
        this.say(`${said} Đã giữ trên máy này.`, "late");
        return;
      }
      const { at } = await response.json();
      if (JSON.stringify(this.fields()) !== text) return;
      store.write(this.key, { fields, at: Date.now(), sent: true });
      this.say(`✓ Đã lưu nháp lúc ${at}`, "ok");
      document.getElementById("local-notice").hidden = true;
    }

    again(name, work) {
      this.later(name, this.wait, work);
      this.retry = work;
      this.wait = Math.min(this.wait * 2, WAIT.longest);
    }

    backOnLine() {
      if (!this.retry) return;
      const work = this.retry;
      this.retry = null;
      this.wait = WAIT.first;
      clearTimeout(this.timers.draft);
      clearTimeout(this.timers.save);
      work();
    }

    async save(extra) {
      if (this.isSaving) return;
      this.isSaving = true;
      clearTimeout(this.timers.draft);
      this.say(WORDS.saving, "");
      const fields = this.fields();
      store.write(this.key, { fields, at: Date.now(), sent: false });
      const response = await this.post(this.form.action, new URLSearchParams([...fields, ...extra]));
      this.isSaving = false;
      if (!response) {
        this.say(this.isSessionOver ? WORDS.session : WORDS.unsaved, "late");
        this.again("save", () => this.save(extra));
        return;
      }
      this.retry = null;
      const target = response.headers.get("HX-Redirect");
      if (target) {
        store.drop(this.key);
        window.location.assign(target);
        return;
      }
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const main = page.querySelector("main");
      if (!main || (response.status !== 422 && response.status !== 409)) {
        this.say(`Máy chủ không nhận phiếu (mã ${response.status}). Những gì đã gõ vẫn còn trên máy này.`, "late");
        return;
      }
      document.querySelector("main").replaceChildren(...main.childNodes);
      if (window.htmx) window.htmx.process(document.querySelector("main"));
      window.scrollTo(0, 0);
      start();
    }
  }

  let current = null;

  function start() {
    const saved = document.querySelector("[data-review-saved]");
    if (saved && saved.dataset.reviewSaved) store.dropReview(saved.dataset.reviewSaved);
    const form = document.getElementById("review-form");
    current = form ? new ReviewForm(form) : null;
  }

  document.addEventListener("submit", (event) => {
    const form = current && event.target === current.form ? current : null;
    if (!form || !form.isOpen) return;
    const button = event.submitter;
    if (button && button.hasAttribute("data-draft-drop")) { store.drop(form.key); return; }
    event.preventDefault();
    if (button && button.hasAttribute("data-draft-save")) form.sendDraft();
    else form.save(button && button.name ? [[button.name, button.value]] : []);
  });
  document.addEventListener("htmx:afterSettle", () => { if (current && current.isOpen) current.follow(); });
  window.addEventListener("online", () => { if (current && current.isOpen) current.backOnLine(); });

  start();
})();
