import type { Page, Request } from "playwright-core";

/** A page's requests to the server. */
export type Traffic = {
  /** Requests that have waited longer than this for a response, in milliseconds. */
  pending(ms: number): readonly string[];
  /** Returns how often each call was made since the last count, and resets it. */
  count(): ReadonlyMap<string, number>;
};

/** No user action justifies more identical calls per second. */
const maxPerSecond = 25;

/** Observes a page's requests; calls `report` for a call that is repeated without pause. */
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
  // A document's requests end with it, not always with an event.
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
