import type { Clock } from "../../domain/clock.ts";
import type { AnswerHeaders, BudgetReading, HttpPolicy } from "./http-client.ts";
import type { RateGate } from "./rate-gate.ts";
import { readServerTime } from "./retry-after.ts";

/** What a connection's responses tell about its rate limits and the server's clock. */
export type LimitMemory = {
  /** Records the budget and the server's time of any response. When the budget is used up, requests pause until it is renewed. */
  learn(answer: { readonly status: number; readonly headers: AnswerHeaders }): void;
  budget(): BudgetReading | null;
  serverNow(): number;
  /** Converts server time to this machine's clock. */
  toLocal(serverMs: number): number;
  /** The number of rate-limit responses so far, to compare with later. */
  mark(): number;
  /**
   * The number of consecutive rate-limit responses, including one for a request sent at `mark`. Requests sent before the last one was counted do not count
   * again.
   */
  attemptAfter(mark: number): number;
  /** Counts a rate-limit response and pauses the connection until `retryAt`, on this machine's clock. */
  slowDown(mark: number, retryAt: number): void;
  /** Records a response that was not rate-limited. */
  calm(mark: number): void;
  /** This machine's clock was set back by `byMs`. */
  clockSetBack(byMs: number): void;
};

export function createLimitMemory(policy: HttpPolicy, clock: Clock, gate: RateGate): LimitMemory {
  let budget: BudgetReading | null = null;
  let serverAheadMs = 0;
  let inARow = 0;
  let ever = 0;

  const toLocal = (serverMs: number) => serverMs - serverAheadMs;
  const wasWarned = (mark: number) => mark < ever;

  return {
    learn({ status, headers }) {
      const serverTime = readServerTime(headers);
      if (serverTime !== null) serverAheadMs = serverTime - clock.now();
      const reading = policy.readBudget({ status, headers });
      if (reading === null) return;
      budget = { ...reading, resetAt: reading.resetAt === null ? null : toLocal(reading.resetAt) };
      if (budget.remaining === 0 && budget.resetAt !== null && budget.resetAt > clock.now()) {
        gate.pauseUntil(budget.resetAt);
      }
    },
    budget: () => budget,
    serverNow: () => clock.now() + serverAheadMs,
    toLocal,
    mark: () => ever,
    attemptAfter: (mark) => (wasWarned(mark) ? Math.max(1, inARow) : inARow + 1),
    slowDown(mark, retryAt) {
      if (!wasWarned(mark)) inARow += 1;
      ever += 1;
      gate.pauseUntil(retryAt);
    },
    calm(mark) {
      if (!wasWarned(mark)) inARow = 0;
    },
    clockSetBack(byMs) {
      serverAheadMs += byMs;
      if (budget?.resetAt != null) budget = { ...budget, resetAt: budget.resetAt - byMs };
      gate.clockSetBack(byMs);
    },
  };
}
