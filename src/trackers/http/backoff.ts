/** The maximum number of attempts per request. */
export const maxAttempts = 3;

const firstBackoffMs = 500;

/** The delay before the next attempt, in milliseconds: doubles from half a second; half of it is random jitter, so that clients do not retry in step. */
export function backoffMs(attempt: number, random: () => number): number {
  const full = firstBackoffMs * 2 ** (attempt - 1);
  return Math.round(full / 2 + (full / 2) * random());
}
