/* The call desk without a mouse: the letter shown beside a button or link presses it, Esc goes back. Letters do nothing
   while somebody types, and can be switched off with the other keys (keyboard.js, WCAG 2.1.4). */
"use strict";
(function () {
  const SWITCH = "lianxin-keys";

  function isTyping(element) {
    return element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox]):not([type=radio])");
  }

  function isShown(element) {
    return element.getClientRects().length > 0;
  }

  function pressed(key) {
    return Array.from(document.querySelectorAll("[data-key]")).find((each) => each.dataset.key === key && isShown(each));
  }

  function press(element) {
    if (isTyping(element)) {
      element.focus();
      if (element.select) element.select();
    } else element.click();
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    if (window.localStorage.getItem(SWITCH) === "off" || (window.lianxinSheet && window.lianxinSheet.isOpen())) return;
    const found = event.key === "Escape" ? document.querySelector("[data-back]") : pressed(event.key.toLowerCase());
    if (!found) return;
    event.preventDefault();
    press(found);
  });
})();
