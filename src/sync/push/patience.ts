import type { Clock } from "../../domain/clock.ts";
import type { PanopticonError } from "../../domain/error.ts";
import type { OperationReason } from "../../store/outbox/outbox.ts";
import { authProbeIntervalMs, errorBackoffMs } from "../schedule/interval.ts";

/** The delay before looking for the effect of a lost answer: the network may only have blinked. */
export const blinkMs = 1_000;

export type Hold = { readonly until: number; readonly reason: OperationReason };

/**
 * How long a connection waits: a growing backoff after consecutive failures, and a hold on everything while it has no network, no valid credentials, or a
 * limit.
 */
export type Patience = {
  /** The present hold on the whole connection; null: none. */
  held(now: number): Hold | null;
  hold(hold: Hold): void;
  /** When to retry an operation after this failure. Counts the failure. */
  retryAt(error: PanopticonError): number;
  /** The backoff after a local failure, in milliseconds. Counts the failure. */
  restMs(): number;
  /** Records that another change came before an operation; returns how often this happened in a row. */
  overtaken(operation: number): number;
  /** Resets that count: the operation had another outcome. */
  notOvertaken(operation: number): void;
  /** A request succeeded: resets the backoff and the hold. */
  end(): void;
  /** Releases operations waiting for the network or for credentials; a rate limit stays in force. */
  hasten(): void;
  /** Adjusts the hold after this machine's clock was set back. */
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
