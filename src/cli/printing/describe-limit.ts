import { describeUntil } from "./describe-time.ts";

type Limited = { readonly code: string; readonly retryAt?: number | string | null | undefined };

/** When a tracker whose request limit is reached may be asked again, as a sentence; null for other errors, and where that is now. */
export function describeLimit({ code, retryAt }: Limited, now: number): string | null {
  if (code !== "rate_limited" || retryAt == null) return null;
  const at = typeof retryAt === "string" ? Date.parse(retryAt) : retryAt;
  return at - now < 1000 ? null : `The next request is allowed ${describeUntil(at, now)}.`;
}
