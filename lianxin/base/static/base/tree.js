/* The tree: a fold fetches what stands below once, arrows walk. Without this the folds are links that open the page
   unfolded. */
"use strict";
(function () {
  const tree = document.querySelector("[data-tree]");

  function setFold(fold, isOpen) {
    const below = document.getElementById(fold.getAttribute("aria-controls"));
    fold.setAttribute("aria-expanded", String(isOpen));
    below.hidden = !isOpen;
    if (isOpen && !below.firstElementChild) htmx.trigger(fold, "unfold");
  }

  function foldOf(item) {
    return item.querySelector(":scope > .tree-line > [data-fold]");
  }

  function names() {
    return Array.from(tree.querySelectorAll(".tree-name")).filter((name) => name.offsetParent !== null);
  }

  function walk(name, by) {
    const all = names();
    const next = all[Math.min(Math.max(all.indexOf(name) + by, 0), all.length - 1)];
    if (next) next.focus();
  }

  function unfold(item) {
    const fold = foldOf(item);
    if (fold && fold.getAttribute("aria-expanded") === "false") setFold(fold, true);
    else walk(item.querySelector(".tree-name"), 1);
  }

  function foldUp(item) {
    const fold = foldOf(item);
    if (fold && fold.getAttribute("aria-expanded") === "true") setFold(fold, false);
    else {
      const above = item.parentElement.closest("li");
      if (above) above.querySelector(".tree-name").focus();
    }
  }

  if (tree) {
    tree.addEventListener("click", function (event) {
      const fold = event.target.closest("[data-fold]");
      if (!fold || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      setFold(fold, fold.getAttribute("aria-expanded") === "false");
    });
    tree.addEventListener("keydown", function (event) {
      const item = event.target.closest("li");
      if (!item || event.ctrlKey || event.metaKey || event.altKey) return;
      const does = {
        ArrowDown: () => walk(item.querySelector(".tree-name"), 1),
        ArrowUp: () => walk(item.querySelector(".tree-name"), -1),
        ArrowRight: () => unfold(item),
        ArrowLeft: () => foldUp(item),
      }[event.key];
      if (!does) return;
      event.preventDefault();
      does();
    });
  }
})();
