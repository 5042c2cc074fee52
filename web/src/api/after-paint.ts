/** A page in sight paints sooner than this, however busy it is. */
const longestFrameMs = 1000;

/** How many changes wait for their paint, and the promise of it. The page has one screen. */
let waiting = 0;
let painted: PromiseWithResolvers<void> | null = null;

/** Resolves when what the user has just changed is painted; null when it is. */
export function paintUnderWay(): Promise<void> | null {
  return painted?.promise ?? null;
}

/** Calls `work` once what has just been changed on the page is painted; at once when the page is left or goes out of sight, where nothing is painted. */
export function afterPaint(work: () => void): void {
  let called = false;
  waiting += 1;
  painted ??= Promise.withResolvers();
  const run = () => {
    if (called) return;
    called = true;
    clearTimeout(timer);
    removeEventListener("pagehide", run);
    document.removeEventListener("visibilitychange", run);
    waiting -= 1;
    if (waiting === 0) {
      painted?.resolve();
      painted = null;
    }
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
