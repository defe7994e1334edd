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

  window.setInterval(ask, EVERY / 9);
  document.addEventListener("visibilitychange", ask);

  document.body.addEventListener("htmx:afterSwap", function () {
    const asks = document.getElementById("desk-live");
    if (!asks) return;
    const count = Number(asks.dataset.count);
    document.title = (count ? "(" + count + ") " : "") + document.title.replace(/^\(\d+\) /, "");
  });
})();
