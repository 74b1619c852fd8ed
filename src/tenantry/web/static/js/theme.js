// Runs before the first paint: "auto" follows the system, now and when it changes.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    const theme = root.dataset.theme ?? "auto";
    root.dataset.bsTheme = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
  };
  dark.addEventListener("change", paint);
  document.addEventListener("tenantry:theme", paint);
  paint();
})();
