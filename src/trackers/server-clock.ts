import type { HttpResponse } from "./http/http-client.ts";

/** How much earlier than the first sending is looked for what an operation made, for clocks that were set in between, in milliseconds. */
export const clockSlackMs = 60 * 60 * 1000;

/** A time of this machine's clock on the server's, by an answer that tells both; this machine's where the server tells none. Milliseconds. */
export function onServerClock(localMs: number, answer: Pick<HttpResponse, "requestedAt" | "serverTime">): number {
  return answer.serverTime === null ? localMs : localMs + answer.serverTime - answer.requestedAt;
}
