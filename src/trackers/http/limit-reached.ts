import { PanopticonError } from "../../domain/error.ts";
import type { HttpPolicy } from "./http-client.ts";

/** The error for a request that may not be sent before `until`, on this machine's clock. */
export function limitReached(
  { tracker, label }: Pick<HttpPolicy, "tracker" | "label">,
  until: number,
): PanopticonError {
  return new PanopticonError("rate_limited", `${label}'s rate limit is reached.`, {
    tracker,
    retryAt: until,
    notSent: true,
    hint: "Nothing is lost. A running server continues by itself at that time.",
  });
}
