// Before the first paint: the theme that was chosen here, if it is not the system's.
(() => {
  try {
    const theme = localStorage.getItem("gapin-theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is closed to us: the system's theme it is.
  }
})();
