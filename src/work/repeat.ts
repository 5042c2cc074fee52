import type { Clock } from "../domain/clock.ts";
import { toPanopticonError } from "../domain/error.ts";

/** Does something now and then again so many milliseconds after it is done, until the signal. What it throws is a warning of the process. */
export function repeat(act: () => Promise<void>, everyMs: number, clock: Clock, signal: AbortSignal): void {
  void (async () => {
    while (!signal.aborted) {
      await act().catch((error: unknown) => process.emitWarning(toPanopticonError(error)));
      await clock.sleep(everyMs, signal).catch(() => undefined);
    }
  })();
}
