import type { Clock } from "../domain/clock.ts";
import { toPanopticonError } from "../domain/error.ts";

/** Runs a task now and again `everyMs` milliseconds after each run, until the signal aborts. Errors become process warnings. */
export function repeat(act: () => Promise<void>, everyMs: number, clock: Clock, signal: AbortSignal): void {
  void (async () => {
    while (!signal.aborted) {
      await act().catch((error: unknown) => process.emitWarning(toPanopticonError(error)));
      await clock.sleep(everyMs, signal).catch(() => undefined);
    }
  })();
}
