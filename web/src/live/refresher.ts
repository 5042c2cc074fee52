/** Reads something again, soon after it is asked to. */
export type Refresher = { ask(): void; stop(): void };

import type { Hold } from "./hold.ts";

/**
 * Runs `work` soon after `ask`, never concurrently, pausing between runs for at least `restMs` and three times the last run's duration, so that a flood of
 * events becomes a steady trickle of reads. `whenFree` decides when a run may start.
 */
export function createRefresher(
  work: () => Promise<void>,
  restMs: number,
  whenFree: Hold["whenFree"] = (run) => run(),
): Refresher {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  let asked = false;
  let stopped = false;
  let notBefore = 0;

  const run = async () => {
    if (stopped) return;
    timer = undefined;
    running = true;
    asked = false;
    const started = performance.now();
    try {
      await work();
    } finally {
      const now = performance.now();
      notBefore = now + Math.max(restMs, 3 * (now - started));
      running = false;
      if (asked) schedule();
    }
  };
  const schedule = () => {
    timer ??= setTimeout(
      () =>
        whenFree(() => {
          run().catch((error: unknown) => {
            throw error;
          });
        }),
      Math.max(30, notBefore - performance.now()),
    );
  };
  return {
    ask: () => {
      asked = true;
      if (!running) schedule();
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
