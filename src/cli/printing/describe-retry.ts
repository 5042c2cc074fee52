import type { OperationShape } from "../../server/contract/change.ts";
import { describeDuration } from "./describe-time.ts";

/** Without a server nobody waits for a moment: what a command could send that soon needs no word. */
const soonMs = 10_000;

/**
 * When a change that waits is sent again: by a server, or, without one, by a command at the earliest. Null where that is now, or as soon as the credentials are
 * right.
 */
export function describeRetry(
  { nextAttemptAt, code }: Pick<OperationShape, "nextAttemptAt" | "code">,
  now: number,
  triesAgain: boolean,
): string | null {
  if (code === "auth") return null;
  const wait = nextAttemptAt === null ? 0 : Date.parse(nextAttemptAt) - now;
  if (wait <= (triesAgain ? 1000 : soonMs)) return null;
  return triesAgain ? `next retry in ${describeDuration(wait)}` : `it can be sent in ${describeDuration(wait)}`;
}
