// Choice of rows: all of a page at once, a stretch with Shift, and how many are chosen.
(() => {
  let last = null;

  const boxes = (list) => [...list.querySelectorAll("tbody .pick input:not(:disabled)")];

  const count = (list) => {
    const all = boxes(list);
    const chosen = all.filter((box) => box.checked).length;
    const every = list.querySelector("[data-choose-all]");
    if (every) {
      every.checked = chosen > 0 && chosen === all.length;
      every.indeterminate = chosen > 0 && chosen < all.length;
    }
    const scope = list.closest("form") ?? list;
    for (const figure of scope.querySelectorAll("[data-chosen-count]")) figure.textContent = String(chosen);
  };

  const stretch = (list, box) => {
    const all = boxes(list);
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    if (from >= 0) for (const between of all.slice(from, to + 1)) between.checked = box.checked;
  };

  document.addEventListener("click", (event) => {
    const box = event.target.closest?.(".pick input");
    const list = box?.closest("[data-choices]");
    if (!list) return;
    if (box.matches("[data-choose-all]")) for (const each of boxes(list)) each.checked = box.checked;
    else {
      if (event.shiftKey && last) stretch(list, box);
      last = box;
    }
    count(list);
  });

  const countAll = () => document.querySelectorAll("[data-choices]").forEach(count);
  document.addEventListener("htmx:after:swap", countAll);
  countAll();
})();
