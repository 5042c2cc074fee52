import type { Clock } from "../../domain/clock.ts";

/** The maximum output per window; more than anyone can read. */
const maxBytes = 256 * 1024;
const windowMs = 250;
/** How long output is then skipped. */
export const pauseMs = 500;

/** Detects when so much is written that showing it all would be wasted effort. */
export function createFloodGauge(clock: Pick<Clock, "now">) {
  let begun = clock.now();
  let bytes = 0;
  return {
    /** Whether these bytes exceed the limit. */
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
