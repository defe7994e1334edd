/* Names while one is typed, from the list beside the field; without this the full name is typed. */
"use strict";
(function () {
  document.querySelectorAll("datalist[data-for]").forEach(function (options) {
    const field = document.querySelector("input[name=" + options.dataset.for + "]");
    if (!field) return;
    let waiting = 0;
    field.setAttribute("list", options.id);
    field.addEventListener("input", function () {
      window.clearTimeout(waiting);
      const address = options.dataset.suggest + "&" + new URLSearchParams({ q: field.value });
      waiting = window.setTimeout(() => htmx.ajax("GET", address, { target: options, swap: "innerHTML" }), 200);
    });
  });
})();
