import type { Page, Request } from "playwright-core";

/** What a page asks the server for. */
export type Traffic = {
  /** What has waited for its answer longer than this, in milliseconds. */
  pending(ms: number): readonly string[];
  /** From now on calls are counted; gives how often each was made so far, and counts anew. */
  count(): ReadonlyMap<string, number>;
};

/** Nobody does anything so often that a page would have to ask the same so many times in a second. */
const maxPerSecond = 25;

/** Listens to what a page asks for; `report` is told of a call that is made again and again without a pause. */
export function watchTraffic(page: Page, report: (words: string) => void): Traffic {
  const open = new Map<Request, number>();
  let counts = new Map<string, number>();
  let second = 0;
  let inSecond = new Map<string, number>();
  page.on("request", (request) => {
    const { pathname, search } = new URL(request.url());
    if (!pathname.startsWith("/api/")) return;
    const call = `${request.method()} ${pathname}${search}`;
    open.set(request, performance.now());
    counts.set(call, (counts.get(call) ?? 0) + 1);
    const now = Math.floor(performance.now() / 1000);
    if (now !== second) {
      second = now;
      inSecond = new Map();
    }
    const times = (inSecond.get(call) ?? 0) + 1;
    inSecond.set(call, times);
    if (times === maxPerSecond) report(`${call} is asked ${times} times in a second`);
  });
  page.on("requestfinished", (request) => void open.delete(request));
  page.on("requestfailed", (request) => void open.delete(request));
  // What a document has asked for goes with it, and not always with a word.
  page.on("framenavigated", () => open.clear());
  return {
    pending(ms) {
      const now = performance.now();
      return [...open]
        .filter(([, askedAt]) => now - askedAt > ms)
        .map(([request, askedAt]) => `${request.method()} ${request.url()} ${Math.round(now - askedAt)} ms`);
    },
    count() {
      const before = counts;
      counts = new Map();
      return before;
    },
  };
}
