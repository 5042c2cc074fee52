/** Even a busy page paints within this time while it is visible. */
const longestFrameMs = 1000;

/** How many `afterPaint` calls await a paint, and the promise they share. The page has one screen. */
let waiting = 0;
let painted: PromiseWithResolvers<void> | null = null;

/** Resolves when the pending change is painted; null if none is pending. */
export function paintUnderWay(): Promise<void> | null {
  return painted?.promise ?? null;
}

/**
 * Calls `work` once the change just made to the page is painted; immediately if the page is hidden or left, when nothing is painted. On a page that has painted
 * nothing yet, waits for its first contentful paint.
 */
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
  if (performance.getEntriesByName(firstPicture).length === 0) afterFirstPicture(run);
  else afterFrame(run);
}

/** The browser's name for the first paint of text or an image. */
const firstPicture = "first-contentful-paint";

function afterFirstPicture(work: () => void): void {
  const observer = new PerformanceObserver((list) => {
    if (list.getEntriesByName(firstPicture).length === 0) return;
    observer.disconnect();
    work();
  });
  observer.observe({ type: "paint", buffered: true });
}

function afterFrame(work: () => void): void {
  // A frame's callbacks run before it is drawn, and drawing runs in parallel with the page's own work, competing for the CPU. The browser requests the next
  // frame once this one is ready; the message goes behind tasks already queued in that frame.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener("message", () => {
        port1.close();
        work();
      });
      port1.start();
      port2.postMessage(null);
    }),
  );
}
