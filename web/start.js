// Runs before the first paint and before the dashboard's own code is there. The build puts it into the page, without these comments.
(() => {
  // What the first paint needs is read meanwhile; web/src/api/first-reads.ts takes the answers.
  const reads = {};
  const read = (path) => {
    const entry = { askedAt: performance.now() };
    entry.answer = fetch(path, { credentials: "same-origin" })
      .then((response) => (response.ok ? response.json() : undefined))
      // The dashboard asks again itself, and says what is wrong.
      .catch(() => undefined)
      .then((content) => (entry.content = content));
    reads[path] = entry;
  };
  const params = new URLSearchParams(location.search);
  if (/^\/(?:list)?$/.test(location.pathname) && !params.has("group")) {
    const sort = params.get("sort") ?? "priority";
    params.delete("sort");
    params.set("sort", sort);
    // As many as board-query-cache.ts asks for, in its spelling: another address is another question.
    params.set("limit", "20");
    read(`/api/board?${params}`);
  }
  read("/api/trackers");
  window.firstReads = reads;

  try {
    // A chosen theme does not flash.
    const theme = localStorage.getItem("panopticon.theme");
    if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
  } catch (error) {
    // A browser that forbids storage follows the system's theme.
    console.debug(error);
  }
})();
