import type { Clock } from "../../domain/clock.ts";

/** The longest sleep: how often it is looked whether the clock was set back. */
const longestMs = 60_000;
/** A clock that is put right by less does no harm, and timers end a moment early at times. */
const slackMs = 1_000;

/**
 * Notices that this machine's clock was set back (the user put one right that was ahead). Whatever was noted as due under it would otherwise wait for that
 * much longer, a day perhaps.
 */
export type ClockWatch = {
  /** How far the clock was set back since the last call, in milliseconds: at least a minute less than it was; 0 where it was not. */
  setBackMs(): number;
  /** Sleeps until something is due, a minute at most; ends early, and without an error, when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
};

export function createClockWatch(clock: Clock): ClockWatch {
  /** Earlier than this it cannot be. */
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
