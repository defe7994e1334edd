/* Keys for the desk: j and k walk through the rows, from a row also the arrows, Enter opens (the link's own doing),
   x ticks, / searches, Esc closes, ? explains. Nothing happens while somebody types; single letters can be switched off,
   for those who speak to their computer (WCAG 2.1.4). */
"use strict";
(function () {
  const SWITCH = "lianxin-keys";

  function areOn() {
    return window.localStorage.getItem(SWITCH) !== "off";
  }

  function isTyping(element) {
    return element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox]):not([type=radio])");
  }

  const ROWS = "[data-rows] a[data-open], [data-rows] a[data-step]";

  function walk(by) {
    const links = Array.from(document.querySelectorAll(ROWS));
    const focused = links.indexOf(document.activeElement);
    const opened = links.findIndex((link) => link.closest(".is-open") || link.hasAttribute("aria-current"));
    const from = focused >= 0 ? focused : opened;
    const next = links[from < 0 ? 0 : Math.min(Math.max(from + by, 0), links.length - 1)];
    if (!next) return;
    next.focus({ preventScroll: true });
    (next.closest("tr") || next).scrollIntoView({ block: "nearest" });
    if (!window.lianxinSheet.isOpen()) return;
    if (next.matches("[data-open]")) window.lianxinSheet.open(next);
    else window.lianxinSheet.close();
  }

  function arrow(by) {
    if (!document.activeElement.matches(ROWS)) return false;
    walk(by);
    return true;
  }

  function tick() {
    const row = document.activeElement.closest("[data-rows] tr");
    const box = row && row.querySelector("input[type=checkbox]");
    if (box) box.click();
    return Boolean(box);
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

  const DOES = { j: () => walk(1), k: () => walk(-1), x: tick, "/": search, "?": explain };
  const MOVES = { ArrowDown: () => arrow(1), ArrowUp: () => arrow(-1) };

  const help = document.getElementById("keys-help");
  help.hidden = false;
  help.addEventListener("click", explain);
  document.getElementById("sheet-next").addEventListener("click", () => walk(1));

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      if (isTyping(event.target)) event.target.blur();
      else if (window.lianxinSheet.isOpen()) window.lianxinSheet.close();
      return;
    }
    if (isTyping(event.target)) return;
    if (MOVES[event.key]) {
      if (MOVES[event.key]()) event.preventDefault();
    } else if (DOES[event.key] && areOn()) {
      event.preventDefault();
      DOES[event.key]();
    }
  });
})();
