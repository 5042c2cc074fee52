// Runs before the first paint, so that a chosen theme does not flash. A file of its own: the page allows no inline scripts.
(() => {
  try {
    const theme = localStorage.getItem("panopticon.theme");
    if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
  } catch (error) {
    // A browser that forbids storage follows the system's theme.
    console.debug(error);
  }
})();
