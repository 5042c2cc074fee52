import type { Clock } from "../../domain/clock.ts";
import type { AnswerHeaders, BudgetReading, HttpPolicy } from "./http-client.ts";
import type { RateGate } from "./rate-gate.ts";
import { readServerTime } from "./retry-after.ts";

/** What a connection's answers teach about its limits and about the server's clock. */
export type LimitMemory = {
  /** Keeps what any answer tells. With nothing left of the budget, nothing more is sent until it is renewed. */
  learn(answer: { readonly status: number; readonly headers: AnswerHeaders }): void;
  budget(): BudgetReading | null;
  serverNow(): number;
  /** A time of the server's clock on this machine's clock. */
  toLocal(serverMs: number): number;
  /** How often the tracker ever said to slow down: a mark to compare with later. */
  mark(): number;
  /** How many times in a row it would have said so with one more; requests sent before it last did count as warned already. */
  attemptAfter(mark: number): number;
  /** It said so: holds the connection until `retryAt`, on this machine's clock. */
  slowDown(mark: number, retryAt: number): void;
  /** An answer that was no refusal. */
  calm(mark: number): void;
  /** This machine's clock was set back by so much. */
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
