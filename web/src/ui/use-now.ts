import { useSyncExternalStore } from "react";

type Ticker = {
  readonly subscribe: (listener: () => void) => () => void;
  readonly now: () => number;
};

function createTicker(periodMs: number): Ticker {
  const listeners = new Set<() => void>();
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = () => {
    now = Date.now();
    for (const listener of listeners) listener();
  };
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      timer ??= setInterval(tick, periodMs);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    now: () => {
      if (timer === undefined && Date.now() - now > periodMs) now = Date.now();
      return now;
    },
  };
}

// One clock for the page, so that all relative times change together.
const ticker = createTicker(1000);

/** The current time in milliseconds, updated every second. */
export function useNow(): number {
  return useSyncExternalStore(ticker.subscribe, ticker.now);
}
