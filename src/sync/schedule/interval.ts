import type { BudgetReading } from "../../trackers/http/http-client.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** What determines a source's polling interval. Times in milliseconds since the epoch. */
export type Attention = {
  readonly now: number;
  /** When the source last changed, or null. */
  readonly lastChangeAt: number | null;
  /** An issue of this source is open in a panel. */
  readonly issueOpen: boolean;
  readonly boardVisible: boolean;
  /** When someone last watched a board, or null. */
  readonly lastSeenAt: number | null;
  /** Webhooks announce changes, so polls only look for missed ones. */
  readonly announced?: boolean;
};

/** The interval while things change, or while cards are being completed. */
export const busyIntervalMs = 10 * second;

/**
 * The interval before jitter: 10 s while things change, 30 s while watched, 2 min unwatched, 10 min after hours without attention or change. With webhooks 5
 * min while watched, else 10.
 */
export function pollIntervalMs(attention: Attention): number {
  const { now, lastChangeAt, lastSeenAt } = attention;
  if (attention.announced === true) return (attention.issueOpen || attention.boardVisible ? 5 : 10) * minute;
  if (attention.issueOpen || (lastChangeAt !== null && Math.abs(now - lastChangeAt) < minute)) return busyIntervalMs;
  if (attention.boardVisible) return 30 * second;
  const quietSince = Math.max(lastChangeAt ?? 0, lastSeenAt ?? 0);
  return now - quietSince > 2 * hour ? 10 * minute : 2 * minute;
}

/** The share of every budget that polling leaves for writes and opened issues. */
export const reservedShare = 0.2;

/**
 * The shortest interval that makes a budget last until its reset, with a fifth reserved; 0 while there is plenty.
 * `requestsPerRound` is the cost of one round over all sources of the connection.
 */
export function budgetIntervalMs(budget: BudgetReading | null, requestsPerRound: number, now: number): number {
  if (budget?.remaining == null || budget.limit == null || budget.resetAt == null || budget.resetAt <= now) return 0;
  const spendable = budget.remaining - budget.limit * reservedShare;
  if (spendable <= 0) return budget.resetAt - now;
  // Below half of the budget, spread the remaining requests over the time until the reset.
  if (budget.remaining > budget.limit / 2) return 0;
  return ((budget.resetAt - now) / spendable) * requestsPerRound;
}

/** Whether polling must stop so that writes and opened issues still get through. */
export function isReserveReached(budget: BudgetReading | null, now: number): boolean {
  if (budget?.remaining == null || budget.limit == null || budget.resetAt == null) return false;
  return budget.resetAt > now && budget.remaining <= budget.limit * reservedShare;
}

/** The backoff after the n-th consecutive failure: 10 s, 20 s, 40 s, … up to 5 minutes. */
export function errorBackoffMs(failures: number): number {
  return Math.min(10 * second * 2 ** Math.max(0, failures - 1), 5 * minute);
}

/** Longer than any tracker's lists lag behind a write. */
export const longestLagMs = 10 * minute;

/** How often refused credentials are probed until they change. */
export const authProbeIntervalMs = 15 * minute;

/** Spreads requests: up to 10 % sooner or later. `random` gives 0 to 1. */
export function withJitter(intervalMs: number, random: () => number): number {
  return Math.round(intervalMs * (0.9 + 0.2 * random()));
}
