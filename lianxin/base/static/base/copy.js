/* A button that copies the text of a field; without this people select it by hand. */
"use strict";
(function () {
  document.querySelectorAll("[data-copy]").forEach(function (button) {
    const field = document.getElementById(button.dataset.copy);
    button.hidden = false;
    button.addEventListener("click", async function () {
      field.select();
      if (navigator.clipboard) await navigator.clipboard.writeText(field.value);
      else document.execCommand("copy");
      button.querySelector("span").textContent = button.dataset.done;
    });
  });
})();
