/** A page in sight paints sooner than this, however busy it is. */
const longestFrameMs = 1000;

/** How many changes wait for their paint, and the promise of it. The page has one screen. */
let waiting = 0;
let painted: PromiseWithResolvers<void> | null = null;

/** Resolves when what the user has just changed is painted; null when it is. */
export function paintUnderWay(): Promise<void> | null {
  return painted?.promise ?? null;
}

/**
 * Calls `work` once what has just been changed on the page is painted; at once when the page is left or goes out of sight, where nothing is painted. On a page that
 * has shown nothing yet that is its first picture.
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

/** The browser's name for the moment when the first text or image of a page is on the screen. */
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
  // The frame's callbacks run before it is drawn, and drawing goes on beside the page's own work, which it would have to share the machine with. The browser asks for
  // the next frame when this one is ready; what others have posted in this one comes first.
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
