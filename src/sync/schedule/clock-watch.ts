import type { Clock } from "../../domain/clock.ts";

/** The longest sleep, and so the interval of checks for a clock that was set back. */
const longestMs = 60_000;
/** A smaller correction does no harm, and timers sometimes fire slightly early. */
const slackMs = 1_000;

/**
 * Detects that this machine's clock was set back (corrected after being ahead). Times recorded under the old clock would otherwise be waited for that much
 * longer, perhaps a day.
 */
export type ClockWatch = {
  /** How far the clock was set back since the last call, in milliseconds; 0 if it was not. A lower bound, at most a minute too small. */
  setBackMs(): number;
  /** Sleeps until something is due, at most a minute; returns early, without an error, when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
};

export function createClockWatch(clock: Clock): ClockWatch {
  /** The present time cannot be earlier unless the clock was set back. */
  let earliest = clock.now();
  return {
    setBackMs() {
      const by = earliest - clock.now();
      earliest = clock.now();
      return by > slackMs ? by : 0;
    },
    async sleep(ms, signal) {
      const length = Math.max(0, Math.min(longestMs, ms));
      earliest = clock.now();
      try {
        await clock.sleep(length, signal);
        earliest += length;
      } catch (reason) {
        if (!signal.aborted) throw reason;
      }
    },
  };
}
