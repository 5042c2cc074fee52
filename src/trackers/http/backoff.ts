/** How often one request is sent at most. */
export const maxAttempts = 3;

const firstBackoffMs = 500;

/** Milliseconds before the next attempt: doubling from half a second, half of it by chance so that clients do not march in step. */
export function backoffMs(attempt: number, random: () => number): number {
  const full = firstBackoffMs * 2 ** (attempt - 1);
  return Math.round(full / 2 + (full / 2) * random());
}
