import { PanopticonError } from "../../domain/error.ts";

/** The error for a request that may not be sent before `until`, on this machine's clock. */
export function limitReached(tracker: string, until: number): PanopticonError {
  return new PanopticonError("rate_limited", "The tracker's rate limit is reached.", {
    tracker,
    retryAt: until,
    notSent: true,
    hint: "Nothing is lost. A running server continues by itself at that time.",
  });
}
