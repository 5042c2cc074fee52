import { isPanopticonError } from "../../domain/error.ts";
import type { SourceSchema } from "../tracker.ts";
import type { LinearWriteClient } from "./write/write-client.ts";

/** No issue has this id. */
const nobodysIssue = "00000000-0000-4000-8000-000000000000";

/**
 * Whether the key may write. Linear does not tell what a key may do (https://linear.app/docs/api-and-webhooks: keys are made with read, write or
 * narrower rights), so it is asked to change nothing of an issue that nobody has: a key that only reads is refused for its scope, another one for the issue.
 * Throws `auth` and what passes by itself (limits, outages).
 */
export async function findRights(
  client: LinearWriteClient,
  signal: AbortSignal | undefined,
): Promise<SourceSchema["writable"]> {
  try {
    await client.probe(nobodysIssue, signal);
  } catch (error) {
    if (!isPanopticonError(error)) throw error;
    switch (error.code) {
      case "forbidden":
        return {
          allowed: false,
          reason:
            "The API key is read-only. Create one with write access under Settings → Security & access in Linear and set LINEAR_API_KEY.",
        };
      case "not_found":
        return { allowed: true, reason: null };
      case "invalid_input":
      case "invalid_response":
      case "unsupported":
        return { allowed: null, reason: null };
      default:
        throw error;
    }
  }
  return { allowed: null, reason: null };
}
