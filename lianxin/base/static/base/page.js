/* Small helps for every page; each page works without them. */
"use strict";
(function () {
  // A form is sent once: a second tap while the first is under way does nothing.
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
  });

  // The browser may bring a page back as it was left, with its forms marked as sent.
  window.addEventListener("pageshow", function (event) {
    if (!event.persisted) return;
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
    });
  });

  // Filters apply when they are changed; without this the form's own button does it.
  document.addEventListener("change", function (event) {
    const form = event.target.form;
    if (form && form.matches("[data-autosubmit]") && event.target.matches("select, [type=checkbox], [type=radio], [type=date]")) {
      form.submit();
    }
  });
})();
