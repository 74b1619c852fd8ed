// Fields to choose from by typing: the server finds, arrows and Enter choose, Escape closes; without this one types the SKU.
(() => {
  const PAUSE = 150;
  const waiting = new WeakMap();

  const listOf = (input) => document.getElementById(input.getAttribute("aria-controls"));
  const optionsOf = (input) => [...listOf(input).querySelectorAll("[data-value]")];
  const isOpen = (input) => !listOf(input).hidden;

  const close = (input) => {
    listOf(input).hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const mark = (input, option) => {
    for (const each of optionsOf(input)) each.setAttribute("aria-selected", String(each === option));
    if (!option) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };

  const marked = (input) => optionsOf(input).find((each) => each.getAttribute("aria-selected") === "true");

  const choose = (input, option) => {
    input.value = option.dataset.value;
    close(input);
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const find = async (input) => {
    waiting.get(input)?.abort();
    const asking = new AbortController();
    waiting.set(input, asking);
    const list = listOf(input);
    try {
      const answer = await fetch(`${input.dataset.choices}?${new URLSearchParams({ q: input.value })}`, {
        signal: asking.signal, credentials: "same-origin", headers: { "HX-Request": "true" },
      });
      if (!answer.ok) return;
      list.innerHTML = await answer.text();
    } catch (fault) {
      if (fault.name === "AbortError") return;
      throw fault;
    }
    optionsOf(input).forEach((each, at) => { each.id = `${list.id}-${at}`; });
    if (document.activeElement !== input) return;
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(input, input.value ? optionsOf(input)[0] : null);
  };

  const later = (input) => {
    clearTimeout(input.pause);
    input.pause = setTimeout(() => find(input), PAUSE);
  };

  const field = (event) => event.target.closest?.("[data-choices][role=combobox]");

  document.addEventListener("input", (event) => { const input = field(event); if (input) later(input); });

  document.addEventListener("click", (event) => {
    const input = field(event);
    if (input && !isOpen(input)) find(input);
  });

  document.addEventListener("focusout", (event) => { const input = field(event); if (input) close(input); });

  // The field keeps the focus while one presses on what it offers.
  document.addEventListener("mousedown", (event) => { if (event.target.closest?.(".choice-list")) event.preventDefault(); });
  document.addEventListener("click", (event) => {
    const option = event.target.closest?.(".choice-list [data-value]");
    if (option) choose(document.querySelector(`[aria-controls="${option.parentElement.id}"]`), option);
  });

  document.addEventListener("keydown", (event) => {
    const input = field(event);
    if (!input) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (!isOpen(input)) return find(input);
      const options = optionsOf(input);
      if (!options.length) return;
      const at = options.indexOf(marked(input));
      mark(input, options[at < 0 && step < 0 ? options.length - 1 : (at + step + options.length) % options.length]);
    } else if (event.key === "Enter" && isOpen(input)) {
      event.preventDefault();
      const option = marked(input);
      if (option) choose(input, option);
      else close(input);
    } else if (event.key === "Escape" && isOpen(input)) {
      event.preventDefault();
      event.stopPropagation();
      close(input);
    }
  }, true);
})();
