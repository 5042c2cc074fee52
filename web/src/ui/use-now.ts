import { useCallback, useSyncExternalStore } from "react";
import { createTicker } from "./ticker.ts";
import { agoLastsMs } from "./time.ts";

// One clock for the page, so that all relative times change together.
const ticker = createTicker(1000);

/** The current time in milliseconds, updated every second. */
export function useNow(): number {
  return useSyncExternalStore(ticker.subscribe, ticker.now);
}

/** A time in words that say how long ago it is, by `formatAgo` or its like. Of thousands, only those whose words may have changed are looked at each second. */
export function useAgo(at: string | number, format: (at: string | number, now: number) => string): string {
  const subscribe = useCallback(
    (listener: () => void) => ticker.subscribe(listener, (now) => agoLastsMs(at, now)),
    [at],
  );
  return useSyncExternalStore(subscribe, () => format(at, ticker.now()));
}
