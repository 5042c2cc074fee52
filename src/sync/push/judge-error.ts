import { toPanopticonError } from "../../domain/error.ts";
import type { OperationReason } from "../../store/outbox/outbox.ts";

/** What a failure of a write means. `sent`: a request had left that may have changed something. */
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
      // Our own failure, on our own disk perhaps: what was sent is looked for.
      return sent ? "unknown" : "later";
    default:
      return "refused";
  }
}

/** A failure as the outbox keeps it, for people. */
export function toReason(error: unknown): OperationReason {
  const { code, message, hint, choices } = toPanopticonError(error);
  return { code, message, hint: hint ?? null, ...(choices.length > 0 && { choices }) };
}
