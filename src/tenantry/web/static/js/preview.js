// Folding in the preview: differences or all fields, and everything open or closed, without a request.
(() => {
  const showFields = (preview) => {
    const all = preview.querySelector("[data-fields=all]")?.getAttribute("aria-pressed") === "true";
    for (const fold of preview.querySelectorAll(".same-fields")) fold.open = all;
  };

  document.addEventListener("click", (event) => {
    const preview = event.target.closest?.("[data-preview]");
    if (!preview) return;
    const fields = event.target.closest("[data-fields]");
    if (fields) {
      for (const button of preview.querySelectorAll("[data-fields]")) button.setAttribute("aria-pressed", String(button === fields));
      showFields(preview);
    }
    const fold = event.target.closest("[data-fold]");
    if (fold) {
      for (const box of preview.querySelectorAll(".preview-group, .preview-record")) box.open = fold.dataset.fold === "open";
    }
  });

  document.addEventListener("htmx:after:swap", () => document.querySelectorAll("[data-preview]").forEach((preview) => {
    if (preview.querySelector("[data-fields=all]")?.getAttribute("aria-pressed") === "true") showFields(preview);
  }));
})();
