import type { Clock } from "../../domain/clock.ts";

/** Output that may come in one window; more than anybody can read. */
const maxBytes = 256 * 1024;
const windowMs = 250;
/** How long output is left out then. */
export const pauseMs = 500;

/** Says when so much is written that showing all of it would only cost. */
export function createFloodGauge(clock: Pick<Clock, "now">) {
  let begun = clock.now();
  let bytes = 0;
  return {
    /** Whether these bytes are too many. */
    add(count: number): boolean {
      const now = clock.now();
      if (now - begun > windowMs) {
        begun = now;
        bytes = 0;
      }
      bytes += count;
      return bytes > maxBytes;
    },
  };
}
