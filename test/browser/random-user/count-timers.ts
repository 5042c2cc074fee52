import type { Page } from "playwright-core";

declare global {
  interface Window {
    /** Installed before the page's own code. */
    timersUnderWay?: Set<number>;
  }
}

/** From the next document on, tracks how many of a page's timers are pending, including intervals. */
export async function noteTimers(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const timers = new Set<number>();
    window.timersUnderWay = timers;
    const { setTimeout, setInterval, clearTimeout, clearInterval } = window;
    window.setTimeout = ((work: TimerHandler, ms?: number, ...rest: unknown[]) => {
      const timer = setTimeout(
        (...values: unknown[]) => {
          timers.delete(timer);
          if (typeof work === "function") work(...values);
        },
        ms,
        ...rest,
      );
      timers.add(timer);
      return timer;
    }) as typeof window.setTimeout;
    window.setInterval = ((work: TimerHandler, ms?: number, ...rest: unknown[]) => {
      const timer = setInterval(work, ms, ...rest);
      timers.add(timer);
      return timer;
    }) as typeof window.setInterval;
    const forget = (clear: (timer: number | undefined) => void) => (timer: number | undefined) => {
      if (timer !== undefined) timers.delete(timer);
      clear(timer);
    };
    window.clearTimeout = forget(clearTimeout) as typeof window.clearTimeout;
    window.clearInterval = forget(clearInterval) as typeof window.clearInterval;
  });
}

/** The number of pending timers. */
export function countTimers(page: Page): Promise<number> {
  return page.evaluate(() => window.timersUnderWay?.size ?? 0);
}
