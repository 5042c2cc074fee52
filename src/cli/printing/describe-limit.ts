import { describeUntil } from "./describe-time.ts";

type Limited = { readonly code: string; readonly retryAt?: number | string | null | undefined };

/** A sentence that says when a rate-limited tracker can be asked again; null for other errors, and if the limit is over. */
export function describeLimit({ code, retryAt }: Limited, now: number): string | null {
  if (code !== "rate_limited" || retryAt == null) return null;
  const at = typeof retryAt === "string" ? Date.parse(retryAt) : retryAt;
  return at - now < 1000 ? null : `The next request is allowed ${describeUntil(at, now)}.`;
}
