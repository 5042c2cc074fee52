import { toApiError } from "../api/client.ts";

/** Whether the server said that there is no such issue, or several: what a card knows of it is of no use then. Of a server that is away it still is. */
export function isAnswered(error: Error | null): boolean {
  return error !== null && toApiError(error).code !== "server_unreachable";
}
