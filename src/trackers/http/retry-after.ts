import type { AnswerHeaders } from "./http-client.ts";
/** The milliseconds of a `Retry-After` header, given in seconds or as a date on the server's clock; null if absent or unreadable. */
export function readRetryAfterMs(headers: AnswerHeaders): number | null {
  const value = headers.get("retry-after")?.trim();
  if (!value) return null;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  const at = Date.parse(value);
  if (Number.isNaN(at)) return null;
  const server = readServerTime(headers);
  return server === null ? null : Math.max(0, at - server);
}

/** The server's time from its `Date` header, in milliseconds; null if absent or unreadable. */
export function readServerTime(headers: AnswerHeaders): number | null {
  const value = headers.get("date");
  const time = value === null ? NaN : Date.parse(value);
  return Number.isNaN(time) ? null : time;
}

const shortestBlindWaitMs = 60_000;
const longestBlindWaitMs = 15 * 60_000;

/** How long to wait after a rate-limit response without a stated end: a minute, doubling with every consecutive one, at most a quarter of an hour. */
export function blindWaitMs(attempt: number): number {
  return Math.min(longestBlindWaitMs, shortestBlindWaitMs * 2 ** Math.min(10, Math.max(0, attempt - 1)));
}
