/* Names below a line in which one is typed, from the address that its list names; without this the full name is typed. */
"use strict";
(function () {
  let waiting = 0;
  document.addEventListener("input", function (event) {
    const options = event.target.list;
    if (!options || !options.dataset.suggest) return;
    window.clearTimeout(waiting);
    if (event.target.value.includes("#")) return;
    const address = new URL(options.dataset.suggest, location.href);
    address.searchParams.set("q", event.target.value);
    waiting = window.setTimeout(() => htmx.ajax("GET", address.pathname + address.search, { target: options, swap: "innerHTML" }), 200);
  });
})();
