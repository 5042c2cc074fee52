// Runs before the first paint and before the dashboard's own code has loaded. The build inlines it into the page, without these comments.
(() => {
  // Start the first paint's requests early; web/src/api/first-reads.ts takes the responses.
  const reads = {};
  const read = (path) => {
    const entry = { askedAt: performance.now() };
    entry.answer = fetch(path, { credentials: "same-origin" })
      .then((response) => (response.ok ? response.json() : undefined))
      // The dashboard repeats the request and reports the error.
      .catch(() => undefined)
      .then((content) => (entry.content = content));
    reads[path] = entry;
  };
  const params = new URLSearchParams(location.search);
  if (/^\/(?:list)?$/.test(location.pathname) && !params.has("group")) {
    const sort = params.get("sort") ?? "priority";
    params.delete("sort");
    params.set("sort", sort);
    // Must match the limit and parameter order of board-query-cache.ts, because responses are matched by URL.
    params.set("limit", "20");
    read(`/api/board?${params}`);
  }
  read("/api/trackers");
  window.firstReads = reads;

  try {
    // Avoids a flash of the wrong theme.
    const theme = localStorage.getItem("panopticon.theme");
    if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
  } catch (error) {
    // Without storage, follow the system's theme.
    console.debug(error);
  }
})();
