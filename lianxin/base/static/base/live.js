/* Asks now and then how much waits, with one small request and only while the page is looked at; says it in the title.
   Without this the page shows how much waited when it was opened. */
"use strict";
(function () {
  const EVERY = 45000;
  let askedAt = Date.now();

  function ask() {
    const asks = document.getElementById("desk-live");
    if (document.hidden || !asks || Date.now() - askedAt < EVERY) return;
    askedAt = Date.now();
    htmx.trigger(asks, "look");
  }

  // On a phone the tabs stand in one row that scrolls: the present one is brought into sight.
  const present = document.querySelector(".desk-nav [aria-current]");
  const tabs = present && present.closest(".desk-nav");
  if (tabs && tabs.scrollWidth > tabs.clientWidth) tabs.scrollLeft = present.offsetLeft - tabs.clientWidth / 3;

  window.setInterval(ask, EVERY / 9);
  document.addEventListener("visibilitychange", ask);

  document.body.addEventListener("htmx:afterSwap", function () {
    const asks = document.getElementById("desk-live");
    if (!asks) return;
    const count = Number(asks.dataset.count);
    document.title = (count ? "(" + count + ") " : "") + document.title.replace(/^\(\d+\) /, "");
  });
})();
