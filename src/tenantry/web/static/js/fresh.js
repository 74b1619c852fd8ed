// Lists and records that follow what changes in their tenant: the server says that something did, and the page looks again.
// Nothing is taken from somebody who is in the middle of something: what is new is offered then.
(() => {
  const content = document.querySelector("[data-fresh]");
  if (!content || !window.EventSource) return;

  const DOUBT = 1000;    // as the server's
  const REST = 1500;     // at most one look in this time, and less often where the server is slow
  const RETRY = 30_000;
  const squeezed = (text) => text.replace(/\s+/g, " ").trim();

  // ---- what a page shows ----

  const isList = Boolean(document.querySelector("#content > .listing"));
  const shownIn = (from) => from.querySelector(isList ? "#content > .listing .results" : "#content");
  const rowsOf = (part) => [...part.querySelectorAll(".rows tbody tr")];
  const keyOf = (row) => row.querySelector("th a[href]")?.getAttribute("href") ?? squeezed(row.textContent);
  const about = (element) => squeezed(element.textContent)
    + [...element.querySelectorAll("[href]")].map((each) => each.getAttribute("href")).join(" ")
    + element.querySelectorAll("[aria-disabled=true], input:disabled").length;

  // What it says, and not what scripts and people did to it since.
  const said = (part) => (isList
    ? [...rowsOf(part).map(about), ...[...part.querySelectorAll(".pages, .empty")].map(about)].join("\n")
    : about(part));

  let before = said(shownIn(document));

  // ---- looking again ----

  let due = false;
  let looking = false;
  let restUntil = 0;
  let timer = 0;

  const look = async () => {
    const began = performance.now();
    const address = location.href;
    looking = true;
    due = false;
    try {
      const answer = await fetch(address, { credentials: "same-origin", headers: { "X-Look-Again": "1" } });
      if (answer.ok && !answer.redirected && address === location.href) {
        take(new DOMParser().parseFromString(await answer.text(), "text/html"));
      }
    } catch { /* The next change, or the next stream, tells again. */ }
    looking = false;
    restUntil = performance.now() + Math.max(REST, 20 * (performance.now() - began));
    if (due) soon();
  };

  const soon = () => {
    due = true;
    if (looking || document.hidden) return;
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(0, restUntil - performance.now()));
  };

  document.addEventListener("visibilitychange", () => { if (!document.hidden && due) soon(); });

  // ---- taking what came ----

  const typedIn = (input) => (input.type === "checkbox" || input.type === "radio"
    ? input.checked !== input.defaultChecked
    : input.tagName === "SELECT"
      ? [...input.options].some((each) => each.selected !== each.defaultSelected) && input.selectedIndex > 0
      : input.type !== "hidden" && input.value !== input.defaultValue);

  const inTheMiddle = (part) => {
    const at = document.activeElement;
    const marked = getSelection();
    return Boolean(
      part.querySelector("dialog[open], details.menu[open]")
      || [...part.querySelectorAll("input, textarea, select")].some(typedIn)
      || (part.contains(at) && at.matches("input, textarea, select, [contenteditable]"))
      || (marked && !marked.isCollapsed && part.contains(marked.anchorNode))
      || (isList && scrollY > part.getBoundingClientRect().top + scrollY)
      || changedByHand);
  };

  // Older lines of a history that one asked for would be gone.
  let changedByHand = false;
  document.addEventListener("htmx:after:swap", () => {
    if (isList) { before = said(shownIn(document)); forget(); }
    else changedByHand = true;
  });

  const take = (page) => {
    const fresh = shownIn(page);
    const part = shownIn(document);
    if (!fresh || !part || said(fresh) === before) return forget();
    if (inTheMiddle(part)) offer(fresh, part);
    else put(fresh, part);
  };

  const put = (fresh, part) => {
    const chosen = new Set([...part.querySelectorAll(".pick input:checked")].map((box) => box.value));
    const kept = [...part.querySelectorAll("input[data-kept]")];
    const folds = [...part.querySelectorAll("details:not(.menu)")].map((fold) => fold.open);
    const scrolled = [...part.querySelectorAll(".scroller, .tabs")].map((box) => [box.scrollLeft, box.scrollTop]);
    const at = part.contains(document.activeElement) ? document.activeElement : null;
    const flashes = isList ? null : part.querySelector(":scope > .flashes");
    before = said(fresh);
    part.replaceChildren(...[...fresh.childNodes].map((node) => document.adoptNode(node)));
    if (flashes) part.prepend(flashes);
    for (const box of part.querySelectorAll(".pick input")) if (chosen.has(box.value)) box.checked = !box.disabled;
    part.querySelector("form[data-choices]")?.append(...kept);
    part.querySelectorAll("details:not(.menu)").forEach((fold, i) => { if (folds[i]) fold.open = true; });
    part.querySelectorAll(".scroller, .tabs").forEach((box, i) => {
      if (scrolled[i]) [box.scrollLeft, box.scrollTop] = scrolled[i];
    });
    window.htmx?.process(part);
    if (at) sameAs(part, at)?.focus({ preventScroll: true });
    changedByHand = false;
    document.dispatchEvent(new Event("tenantry:fresh"));
    forget();
  };

  const sameAs = (part, was) => [...part.querySelectorAll(was.tagName)].find((each) => (was.id
    ? each.id === was.id
    : each.getAttribute("href") === was.getAttribute("href") && squeezed(each.textContent) === squeezed(was.textContent)));

  // ---- offering it ----

  // It is there from the start, so that a screen reader hears what comes into it.
  const line = document.createElement("div");
  line.className = "fresh";
  line.setAttribute("role", "status");
  document.body.append(line);

  const offer = (fresh, part) => {
    const known = new Set(rowsOf(part).map(keyOf));
    const more = isList ? rowsOf(fresh).filter((row) => !known.has(keyOf(row))).length : 0;
    const button = line.firstElementChild ?? document.createElement("button");
    button.type = "button";
    button.className = "btn btn-primary";
    button.textContent = more ? `${more} new, show` : "This changed, show";
    button.onclick = () => put(fresh, part);
    if (!button.isConnected) line.append(button);
  };

  const forget = () => line.replaceChildren();

  // ---- being told: one stream for all windows of this browser ----

  let last = Number(content.dataset.fresh);
  const windows = window.BroadcastChannel ? new BroadcastChannel("tenantry-fresh") : null;
  let leads = false;

  const heard = (at) => { last = at; soon(); };

  windows?.addEventListener("message", ({ data }) => {
    if (data.changed) heard(data.changed);
    // A window that came later asks whether something changed between its page and its listening.
    else if (leads && last >= data.since - DOUBT) windows.postMessage({ changed: last });
  });

  const stream = () => new Promise((ended) => {
    const source = new EventSource(`/changes?since=${last}`);
    source.addEventListener("changed", ({ data }) => {
      heard(Number(data));
      windows?.postMessage({ changed: Number(data) });
    });
    source.addEventListener("error", () => { if (source.readyState === EventSource.CLOSED) ended(); });
  });

  const lead = async () => {
    leads = true;
    for (;;) {
      await stream();
      await new Promise((rested) => { setTimeout(rested, RETRY); });
    }
  };

  windows?.postMessage({ since: last });
  if (navigator.locks && windows) navigator.locks.request("tenantry-fresh", lead);
  else lead();
})();
