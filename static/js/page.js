/* The frame of every page: open menus close, one key goes to the search, a figure opens beside the page.
   Everything here also works without it: menus are <details>, figures are links. */
(function () {
  "use strict";

  const menus = () => document.querySelectorAll("details.drop[open]");

  document.addEventListener("click", (event) => {
    menus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") {
      menus().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
    }
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      const search = [...document.querySelectorAll("[data-search]")].find((field) => field.offsetParent !== null);
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    }
  });

  /* <a data-panel href>: the page it leads to, shown in the side panel. The answer is the page's bare form. */
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-panel]");
    const panel = document.getElementById("panel");
    if (!link || !panel || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    try {
      const response = await fetch(link.href, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
      if (!response.ok || response.redirected) throw new Error(String(response.status));
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      panel.querySelector("[data-panel-content]").replaceChildren(...page.body.childNodes);
      panel.showModal();
    } catch (_lost) {
      window.location.assign(link.href);
    }
  });

  document.addEventListener("click", (event) => {
    const panel = document.getElementById("panel");
    if (panel && (event.target === panel || event.target.closest("[data-panel-close]"))) panel.close();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  /* Whoever logs out leaves nothing typed on a computer that others use. What never reached the server is asked about. */
  const ASK = "Còn phiếu gõ dở chưa gửi được lên máy chủ. Đăng xuất sẽ xóa phần ấy khỏi máy này. Vẫn đăng xuất?";

  const forget = (event) => {
    if (!event.target.matches('form[action$="/logout/"]')) return;
    try {
      const kept = Object.keys(localStorage).filter((key) => key.startsWith("povertyplan-"));
      const isUnsent = kept.some((key) => (localStorage.getItem(key) || "").includes('"sent":false'));
      if (isUnsent && !window.confirm(ASK)) { event.preventDefault(); return; }
      kept.forEach((key) => localStorage.removeItem(key));
    } catch (_closed) { /* nothing was kept there */ }
  };

  document.addEventListener("submit", forget);

  /* <a data-download>: a result that was waited for comes by itself, once; coming back to the page later it does not. */
  const download = () => {
    const link = document.querySelector("a[data-download]");
    if (!link) return;
    link.removeAttribute("data-download");
    const key = `downloaded ${link.pathname}`;
    try {
      if (sessionStorage.getItem(key)) return;
      sessionStorage.setItem(key, "1");
    } catch (_closed) {
      return;
    }
    link.click();
  };

  download();
  document.addEventListener("htmx:afterSettle", download);
})();
