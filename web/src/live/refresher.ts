/**
 * Runs `work` soon after it is asked for, never twice at once, and rests between two runs at least `restMs` and as long
 * as three runs took: a flood of events becomes a steady trickle of reads.
 */
export function createRefresher(work: () => Promise<void>, restMs: number): { ask: () => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  let asked = false;
  let notBefore = 0;

  const run = async () => {
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
      () => {
        run().catch((error: unknown) => {
          throw error;
        });
      },
      Math.max(30, notBefore - performance.now()),
    );
  };
  return {
    ask: () => {
      asked = true;
      if (!running) schedule();
    },
    stop: () => clearTimeout(timer),
  };
}
