import type { HttpResponse } from "./http/http-client.ts";

/** How long before the first attempt the search for an operation's result starts, in milliseconds, in case a clock was set in between. */
export const clockSlackMs = 60 * 60 * 1000;

/** Converts this machine's time to the server's, using a response that states both; unchanged if the server does not tell its time. Milliseconds. */
export function onServerClock(localMs: number, answer: Pick<HttpResponse, "requestedAt" | "serverTime">): number {
  return answer.serverTime === null ? localMs : localMs + answer.serverTime - answer.requestedAt;
}
