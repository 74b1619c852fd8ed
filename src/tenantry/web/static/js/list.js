// Choice of rows: all of a page at once, a stretch with Shift, how many, and kept while one searches or turns pages.
(() => {
  let last = null;

  const boxes = (list) => [...list.querySelectorAll("tbody .pick input:not(:disabled)")];
  const keptIn = (list) => [...list.querySelectorAll("input[data-kept]")];

  const count = (list) => {
    const all = boxes(list);
    const chosen = all.filter((box) => box.checked).length;
    const every = list.querySelector("[data-choose-all]");
    if (every) {
      every.checked = chosen > 0 && chosen === all.length;
      every.indeterminate = chosen > 0 && chosen < all.length;
    }
    for (const figure of list.querySelectorAll("[data-chosen-count]")) {
      figure.textContent = String(chosen + keptIn(list).length);
    }
  };

  const stretch = (list, box) => {
    const all = boxes(list);
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    if (from >= 0) for (const between of all.slice(from, to + 1)) between.checked = box.checked;
  };

  const keep = (list) => {
    for (const box of boxes(list).filter((each) => each.checked)) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name: box.name, value: box.value });
      input.dataset.kept = "";
      list.append(input);
    }
  };

  const giveBack = (list) => {
    const shown = new Map(boxes(list).map((box) => [box.value, box]));
    for (const input of keptIn(list)) {
      const box = shown.get(input.value);
      if (!box) continue;
      box.checked = true;
      input.remove();
    }
    count(list);
  };

  const lists = () => document.querySelectorAll("[data-choices]");

  document.addEventListener("click", (event) => {
    const box = event.target.closest?.(".pick input");
    // A form around the list has the figure, and what was chosen on other pages.
    const list = box?.closest("form[data-choices]") ?? box?.closest("[data-choices]");
    if (!list) return;
    if (box.matches("[data-choose-all]")) for (const each of boxes(list)) each.checked = box.checked;
    else {
      if (event.shiftKey && last) stretch(list, box);
      last = box;
    }
    count(list);
  });

  document.addEventListener("htmx:before:swap", (event) => {
    const results = event.detail?.ctx?.target;
    const list = results?.closest?.("form[data-choices]");
    if (list && results !== list && results.matches(".results")) keep(list);
  });
  document.addEventListener("htmx:after:swap", () => lists().forEach(giveBack));
  document.addEventListener("tenantry:fresh", () => lists().forEach(count));
  lists().forEach(count);
})();
