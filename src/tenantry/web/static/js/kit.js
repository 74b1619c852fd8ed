// What the markup cannot do alone: menus close, reasons stay in view and close by Escape, search by keyboard, the theme at once.
(() => {
  const knowsCommands = "commandForElement" in HTMLButtonElement.prototype;
  const openMenus = () => document.querySelectorAll("details.menu[open]");

  const keepInView = (element) => {
    delete element.dataset.edge;
    const box = element.getBoundingClientRect();
    if (box.right > innerWidth - 8) element.dataset.edge = "end";
    else if (box.left < 8) element.dataset.edge = "start";
  };

  const closeMenusExcept = (target) => {
    for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false;
  };

  const walk = (event, items) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !items.length) return;
    const at = items.indexOf(document.activeElement);
    event.preventDefault();
    items[(at + step + items.length) % items.length].focus();
  };

  const walkable = (container) => [...container.querySelectorAll("a.menu-item, button.menu-item, .menu-item input")];

  document.addEventListener("click", (event) => closeMenusExcept(event.target));

  document.addEventListener("toggle", (event) => {
    const menu = event.target;
    if (menu.matches?.("details.menu[open]")) keepInView(menu.querySelector(".menu-panel"));
  }, true);

  for (const kind of ["pointerover", "focusin"]) {
    document.addEventListener(kind, (event) => {
      const tipped = event.target.closest?.(".tipped");
      if (!tipped) return;
      tipped.classList.remove("tip-closed");
      keepInView(tipped.querySelector(".tip"));
    });
  }

  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches?.("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const box = document.querySelector("[data-top-search] input[type=search]");
      if (box) { event.preventDefault(); box.focus(); box.select(); }
      return;
    }
    if (event.key === "Escape") {
      for (const menu of openMenus()) { menu.open = false; menu.querySelector("summary").focus(); }
      for (const tipped of document.querySelectorAll(".tipped:is(:hover, :focus-within)")) tipped.classList.add("tip-closed");
      if (event.target.closest?.("[data-top-search]")) event.target.blur();
      return;
    }
    const list = event.target.closest?.("details.menu[open], [data-top-search]");
    if (list) walk(event, walkable(list));
  });

  // A disabled action can be focused, so that its reason can be read; pressing it does nothing.
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[aria-disabled=true]")) event.preventDefault();
  }, true);

  // Browsers without command="show-modal" and "close" open and close pop-ups here.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-opens]");
    const asked = opener && document.getElementById(opener.dataset.opens);
    if (!asked) return;
    for (const menu of openMenus()) menu.open = false;
    if (!knowsCommands && !asked.open) asked.showModal();
  });
  document.addEventListener("click", (event) => {
    const closer = event.target.closest?.("[data-closes]");
    if (closer && !knowsCommands) document.getElementById(closer.dataset.closes)?.close();
  });

  // The choice shows at once and is stored by the server behind it.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-theme-form]") || !event.submitter) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, event.submitter));
    document.documentElement.dataset.theme = event.submitter.value;
    document.dispatchEvent(new Event("tenantry:theme"));
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button === event.submitter));
    fetch(form.action, { method: "POST", body, credentials: "same-origin", redirect: "manual" }).catch(() => {});
  });

  // On a phone the tab one is on may stand beyond the edge.
  const tab = document.querySelector(".tabs [aria-current]");
  tab?.closest(".tabs").scrollTo({ left: tab.getBoundingClientRect().left - innerWidth / 3 });

  document.querySelector(".error-summary")?.focus();
})();
