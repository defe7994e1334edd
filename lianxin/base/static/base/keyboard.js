/* Keys for the desk: j and k walk through the rows, Enter opens (the link's own doing), / searches, Esc closes,
   ? explains. Single letters can be switched off, for those who speak to their computer (WCAG 2.1.4). */
"use strict";
(function () {
  const SWITCH = "lianxin-keys";

  function areOn() {
    return window.localStorage.getItem(SWITCH) !== "off";
  }

  function isTyping(element) {
    return element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox]):not([type=radio])");
  }

  function walk(by) {
    const links = Array.from(document.querySelectorAll("[data-rows] a[data-open], [data-rows] a[data-step]"));
    const focused = links.indexOf(document.activeElement);
    const opened = links.findIndex((link) => link.closest("tr.is-open") || link.hasAttribute("aria-current"));
    const from = focused >= 0 ? focused : opened;
    const next = links[from < 0 ? 0 : Math.min(Math.max(from + by, 0), links.length - 1)];
    if (!next) return;
    next.focus({ preventScroll: true });
    (next.closest("tr") || next).scrollIntoView({ block: "nearest" });
    if (window.lianxinSheet.isOpen()) window.lianxinSheet.open(next);
  }

  function search() {
    const box = document.querySelector("[type=search], [data-search]");
    if (box) box.focus();
    return Boolean(box);
  }

  function explain() {
    window.lianxinSheet.show("sheet-keys");
    const box = document.getElementById("keys-on");
    box.checked = areOn();
    box.addEventListener("change", () => window.localStorage.setItem(SWITCH, box.checked ? "on" : "off"));
  }

  const DOES = { j: () => walk(1), k: () => walk(-1), "/": search, "?": explain };

  const help = document.getElementById("keys-help");
  help.hidden = false;
  help.addEventListener("click", explain);

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      if (isTyping(event.target)) event.target.blur();
      else if (window.lianxinSheet.isOpen()) window.lianxinSheet.close();
      return;
    }
    if (isTyping(event.target) || !DOES[event.key] || !areOn()) return;
    event.preventDefault();
    DOES[event.key]();
  });
})();
