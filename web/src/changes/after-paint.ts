/** A page in sight paints sooner than this, however busy it is. */
const longestFrameMs = 1000;

/** Calls `work` once what has just been changed on the page is painted; at once when the page is left or goes out of sight, where nothing is painted. */
export function afterPaint(work: () => void): void {
  let called = false;
  const run = () => {
    if (called) return;
    called = true;
    clearTimeout(timer);
    removeEventListener("pagehide", run);
    document.removeEventListener("visibilitychange", run);
    work();
  };
  const timer = setTimeout(run, document.visibilityState === "visible" ? longestFrameMs : 0);
  addEventListener("pagehide", run);
  document.addEventListener("visibilitychange", run);
  // The frame's callbacks run before it is painted, a message sent from there arrives afterwards.
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", () => {
      port1.close();
      run();
    });
    port1.start();
    port2.postMessage(null);
  });
}
