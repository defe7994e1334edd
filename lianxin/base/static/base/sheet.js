/* The side sheet of the desk: a link with data-open shows its page's [data-sheet] part beside the list. On a narrow
   screen the link simply opens the page. A form inside the sheet stays inside, and the list is fetched anew after it. */
"use strict";
(function () {
  const sheet = document.getElementById("sheet");
  const body = document.getElementById("sheet-body");
  const pageLink = document.getElementById("sheet-page");
  const next = document.getElementById("sheet-next");
  const wide = window.matchMedia("(min-width: 992px)");

  function show(templateId) {
    body.textContent = "";
    body.appendChild(document.getElementById(templateId).content.cloneNode(true));
    setOpen(true);
  }

  function setOpen(isOpen) {
    sheet.hidden = !isOpen;
    document.body.classList.toggle("has-sheet", isOpen);
  }

  function rowOf(link) {
    return link.closest("tr") || link;
  }

  function mark(href) {
    document.querySelectorAll("[data-rows] .is-open").forEach((row) => row.classList.remove("is-open"));
    const link = linkTo(href);
    if (link) rowOf(link).classList.add("is-open");
  }

  function linkTo(href) {
    return Array.from(document.querySelectorAll("[data-rows] a[data-open]")).find((link) => link.href === href);
  }

  function open(link) {
    if (sheet.hidden) show("sheet-loading");
    pageLink.href = link.href;
    pageLink.hidden = next.hidden = false;
    mark(link.href);
    return htmx.ajax("GET", link.href, { source: body, target: body, swap: "innerHTML ignoreTitle:true show:none", select: "[data-sheet]" });
  }

  // Back to where one was: the row, or if it was done meanwhile the first one, or the list itself.
  function close() {
    const link = linkTo(pageLink.href) || document.querySelector("[data-rows] a[data-open], [data-rows] a[data-step]");
    setOpen(false);
    body.textContent = "";
    mark("");
    (link || document.getElementById("main")).focus();
  }

  // Whoever hears the page instead of seeing it is told what has opened.
  function name() {
    const heading = body.querySelector("h2");
    sheet.setAttribute("aria-label", heading ? heading.textContent.replace(/\s+/g, " ").trim() : sheet.dataset.label);
  }

  function refreshRows() {
    const rows = document.querySelector("[data-rows]");
    if (!rows || !rows.id) return;
    const focused = rows.contains(document.activeElement) ? document.activeElement.href : "";
    rows.setAttribute("hx-select-oob", "#desk-tabs,#desk-under");
    htmx.ajax("GET", window.location.href, { source: rows, target: "#" + rows.id, select: "#" + rows.id, swap: "outerHTML show:none ignoreTitle:true" })
      .then(function () {
        mark(sheet.hidden ? "" : pageLink.href);
        const again = focused && linkTo(focused);
        if (again) again.focus({ preventScroll: true });
      });
  }

  function isPlain(event) {
    return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  }

  document.addEventListener("click", function (event) {
    if (!isPlain(event) || event.defaultPrevented) return;
    const row = event.target.closest("[data-rows] tbody tr");
    const direct = event.target.closest("a[data-open]");
    const other = event.target.closest("a, button, input, select, label, summary");
    const link = direct || (row && !other && String(window.getSelection()) === "" && row.querySelector("a[data-open]"));
    if (!link) return;
    if (!wide.matches) {
      if (!direct) link.click();
      return;
    }
    event.preventDefault();
    open(link);
    sheet.focus();
  });

  document.getElementById("sheet-close").addEventListener("click", close);

  document.body.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target !== body) return;
    if (!body.firstElementChild) {
      close();
      refreshRows();
      return;
    }
    // After a form the server may have gone on to the next row's page.
    if (event.detail.xhr.status < 400) pageLink.href = event.detail.xhr.responseURL;
    name();
    body.querySelectorAll("form:not([hx-post]):not([hx-get]):not([data-leave])").forEach(function (form) {
      if (!form.getAttribute("action")) form.setAttribute("action", pageLink.href);
      form.setAttribute("hx-boost", "true");
      htmx.process(form);
    });
  });

  document.body.addEventListener("htmx:afterRequest", function (event) {
    const config = event.detail.requestConfig;
    if (sheet.hidden || !config || config.target !== body) return;
    if (event.detail.failed && config.verb === "get") close();
    if (config.verb !== "get") refreshRows();
  });

  document.body.addEventListener("htmx:sendError", function (event) {
    if (event.detail.requestConfig.target === body) show("sheet-failed");
  });

  window.lianxinSheet = {
    open: open,
    close: close,
    show: function (templateId) {
      pageLink.hidden = next.hidden = true;
      show(templateId);
      name();
      sheet.focus();
    },
    isOpen: () => !sheet.hidden,
  };
})();
