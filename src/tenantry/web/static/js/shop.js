// A quantity that was changed is sent at once, and an order is pressed once; the server holds both anyway.
(() => {
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-sends-itself]");
    if (form?.reportValidity()) form.requestSubmit();
  });

  document.addEventListener("submit", (event) => {
    const form = event.target.closest?.("form[data-once]");
    if (!form) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    for (const button of form.querySelectorAll("button[type=submit]")) button.setAttribute("aria-disabled", "true");
  });

  // A page that comes back from the browser's memory may be sent again.
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
    }
  });
})();
