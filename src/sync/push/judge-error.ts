import { toPanopticonError } from "../../domain/error.ts";
import type { OperationReason } from "../../store/outbox/outbox.ts";

/** Classifies a write failure. `sent`: a request that may have changed something was sent. */
export type Judgement = "refused" | "later" | "unknown" | "again";

export function judgeError(error: unknown, sent: boolean): Judgement {
  const known = toPanopticonError(error);
  switch (known.code) {
    case "rate_limited":
    case "auth":
      return "later";
    case "conflict":
      return "again";
    case "unreachable":
    case "timeout":
    case "invalid_response":
    case "busy":
      return sent && !known.notSent ? "unknown" : "later";
    case "internal":
      // A local failure, perhaps of the disk: if a request was sent, look for its effect.
      return sent ? "unknown" : "later";
    default:
      return "refused";
  }
}

/** Converts a failure into the reason that the outbox stores and shows. */
export function toReason(error: unknown): OperationReason {
  const { code, message, hint, choices } = toPanopticonError(error);
  return { code, message, hint: hint ?? null, ...(choices.length > 0 && { choices }) };
}
