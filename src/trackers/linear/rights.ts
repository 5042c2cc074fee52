import { isPanopticonError } from "../../domain/error.ts";
import type { SourceSchema } from "../tracker.ts";
import type { LinearWriteClient } from "./write/write-client.ts";

/** The id of no issue. */
const nobodysIssue = "00000000-0000-4000-8000-000000000000";

/**
 * Whether the key may write. Linear does not tell what a key may do (https://linear.app/docs/api-and-webhooks: keys have read, write or narrower permissions),
 * so this updates nothing in an issue that does not exist: a read-only key is refused for its scope, any other key for the issue. Throws `auth` and temporary
 * errors (rate limits, outages).
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
