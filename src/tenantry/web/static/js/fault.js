// What a part of a page asked for and did not get: it stays as it was, and a line says so until something arrives again.
(() => {
  const line = () => {
    let box = document.getElementById("fault");
    if (!box) {
      box = document.createElement("div");
      box.id = "fault";
      box.className = "fault";
      box.setAttribute("role", "alert");
      document.body.append(box);
    }
    return box;
  };

  const say = (text) => { line().textContent = text; };

  const reason = (status) => {
    if (status === 403) return "This may not be done here (403).";
    if (status === 404) return "This is not there any more (404). Load the page again.";
    if (status === 429) return "Too many requests (429). Wait a moment and try again.";
    return `The server answered with ${status}. What you see may be out of date; try again.`;
  };

  // Signed out meanwhile: the page asked for part of a page and was led to the sign-in.
  document.addEventListener("htmx:before:response", (event) => {
    const raw = event.detail.ctx.response.raw;
    if (raw.redirected || raw.status === 401) {
      event.preventDefault();
      location.assign(raw.redirected ? raw.url : location.href);
    }
  });
  document.addEventListener("htmx:response:error", (event) => say(reason(event.detail.ctx.response.status)));
  document.addEventListener("htmx:error", () => say("The server cannot be reached. What you see may be out of date."));
  document.addEventListener("htmx:after:swap", (event) => {
    // An error is "swapped" too, as nothing.
    if ((event.detail?.ctx?.response?.status ?? 200) < 400) document.getElementById("fault")?.remove();
  });
})();
