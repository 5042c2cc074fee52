/** A page that is not visible paints nothing. */
const longestFrameMs = 100;

/** Calls `work` once what has just been changed on the page is painted; at once when the page is being left. */
export function afterPaint(work: () => void): void {
  let called = false;
  const run = () => {
    if (called) return;
    called = true;
    clearTimeout(timer);
    removeEventListener("pagehide", run);
    work();
  };
  const timer = setTimeout(run, longestFrameMs);
  addEventListener("pagehide", run);
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
