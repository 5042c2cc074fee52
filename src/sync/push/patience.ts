import type { Clock } from "../../domain/clock.ts";
import type { PanopticonError } from "../../domain/error.ts";
import type { OperationReason } from "../../store/outbox/outbox.ts";
import { authProbeIntervalMs, errorBackoffMs } from "../schedule/interval.ts";

/** An answer that was lost is looked for after a moment: the network may only have blinked. */
export const blinkMs = 1_000;

export type Hold = { readonly until: number; readonly reason: OperationReason };

/** How long a connection waits: after failures in a row longer each time, and as a whole while it has no network, no valid credentials, or a limit. */
export type Patience = {
  /** What the whole connection waits for now; null: nothing. */
  held(now: number): Hold | null;
  hold(hold: Hold): void;
  /** When an operation that failed like this is tried again. Counts the failure. */
  retryAt(error: PanopticonError): number;
  /** How long to leave something alone that failed for a reason of our own. Counts the failure. */
  restMs(): number;
  /** Somebody else's change came before an operation: gives how often in a row by now. */
  overtaken(operation: number): number;
  /** An operation met something else than that, or its end. */
  notOvertaken(operation: number): void;
  /** Something went through. */
  end(): void;
  /** What waited for the network or for credentials may be tried at once; a limit is kept to. */
  hasten(): void;
  /** This machine's clock was set back by so much. */
  clockSetBack(byMs: number): void;
};

export function createPatience(clock: Clock): Patience {
  let failures = 0;
  let hold: Hold | null = null;
  const inARow = new Map<number, number>();
  return {
    held(now) {
      if (hold !== null && hold.until <= now) hold = null;
      return hold;
    },
    hold(next) {
      hold = next;
    },
    retryAt(error) {
      const now = clock.now();
      if (error.code === "auth") return now + authProbeIntervalMs;
      if (error.code === "rate_limited") return Math.max(now + blinkMs, error.retryAt ?? now);
      failures += 1;
      return Math.max(now + errorBackoffMs(failures) / 5, error.retryAt ?? 0);
    },
    restMs() {
      failures += 1;
      return errorBackoffMs(failures);
    },
    overtaken(operation) {
      const times = (inARow.get(operation) ?? 0) + 1;
      inARow.set(operation, times);
      return times;
    },
    notOvertaken(operation) {
      inARow.delete(operation);
    },
    end() {
      failures = 0;
      hold = null;
    },
    hasten() {
      failures = 0;
      if (hold?.reason.code !== "rate_limited") hold = null;
    },
    clockSetBack(byMs) {
      if (hold !== null) hold = { ...hold, until: hold.until - byMs };
    },
  };
}
