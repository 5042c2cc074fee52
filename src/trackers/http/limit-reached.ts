import { PanopticonError } from "../../domain/error.ts";

/** What a request is refused with that would be sent before its allowed time: `until`, on this machine's clock. */
export function limitReached(tracker: string, until: number): PanopticonError {
  return new PanopticonError("rate_limited", "The tracker's rate limit is reached.", {
    tracker,
    retryAt: until,
    notSent: true,
    hint: "Panopticon continues automatically at that time; nothing is lost.",
  });
}
