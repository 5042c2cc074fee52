import { toApiError } from "../api/client.ts";

/** Whether the server said that the issue does not exist or the ref is ambiguous, so that its card is no longer valid. While the server is unreachable, it still is. */
export function isAnswered(error: Error | null): boolean {
  return error !== null && toApiError(error).code !== "server_unreachable";
}
