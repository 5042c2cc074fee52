/** A clock for what is shown. */
export type Ticker = {
  /** Calls back at each tick at which what the listener shows may have changed: `lastsMs` says for how long it stays as it is, default: until the next tick. */
  readonly subscribe: (listener: () => void, lastsMs?: (now: number) => number) => () => void;
  /** The time of the last tick, in milliseconds. */
  readonly now: () => number;
};

/** `clock`: milliseconds since the epoch. */
export function createTicker(periodMs: number, clock: () => number = Date.now): Ticker {
  /** By listener: when it is due. */
  const listeners = new Map<() => void, { due: number; readonly lastsMs: (now: number) => number }>();
  let now = clock();
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = () => {
    const before = now;
    now = clock();
    for (const [listener, entry] of listeners) {
      // A clock that was set back makes everything due.
      if (now < entry.due && now >= before) continue;
      entry.due = now + entry.lastsMs(now);
      listener();
    }
  };
  return {
    subscribe: (listener, lastsMs = () => 0) => {
      timer ??= setInterval(tick, periodMs);
      listeners.set(listener, { due: now + lastsMs(now), lastsMs });
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    now: () => {
      if (timer === undefined && clock() - now > periodMs) now = clock();
      return now;
    },
  };
}
