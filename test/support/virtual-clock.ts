import type { Clock } from "../../src/domain/clock.ts";

export type VirtualClock = Clock & {
  /** Advances time; every sleep that ends meanwhile ends at its own moment, in order. */
  advance(ms: number): Promise<void>;
  /** Resolves when something sleeps for at least `ms` from now. */
  untilAsleep(atLeastMs?: number): Promise<void>;
};

type Sleeper = { wakeAt: number; wake: () => void };

/** Lets woken code run, and sleep again, before time advances. */
const oneTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A clock that stands still until a test advances it. `settle`: awaited after each awakening; default: one turn of the event loop. */
export function createVirtualClock(
  startAt = Date.UTC(2026, 10, 22, 12, 0, 0),
  settle: () => Promise<void> = oneTurn,
): VirtualClock {
  let now = startAt;
  const sleepers = new Set<Sleeper>();
  const watchers = new Set<() => void>();

  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        const sleeper: Sleeper = {
          wakeAt: now + ms,
          wake: () => {
            sleepers.delete(sleeper);
            signal?.removeEventListener("abort", onAbort);
            resolve();
          },
        };
        const onAbort = () => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        signal?.addEventListener("abort", onAbort, { once: true });
        sleepers.add(sleeper);
        for (const watcher of watchers) watcher();
      }),
    async advance(ms) {
      const until = now + ms;
      for (;;) {
        const next = [...sleepers].filter((sleeper) => sleeper.wakeAt <= until).sort((a, b) => a.wakeAt - b.wakeAt)[0];
        if (next === undefined) break;
        now = Math.max(now, next.wakeAt);
        next.wake();
        await settle();
      }
      now = until;
    },
    untilAsleep: (atLeastMs = 0) =>
      new Promise((resolve) => {
        const look = () => {
          if (![...sleepers].some((sleeper) => sleeper.wakeAt - now >= atLeastMs)) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      }),
  };
}
