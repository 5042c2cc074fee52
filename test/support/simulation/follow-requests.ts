import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { requestOf } from "../traffic.ts";

const created = "http.client.request.created";

/**
 * Observes this thread's own HTTP requests, whoever sends them, as Node reports them: https://nodejs.org/api/diagnostics_channel.html#http. `onAnswer`: a
 * response is complete. Returns a function that stops it.
 */
export function followRequests(on: {
  readonly onSent: () => void;
  readonly onAnswer: (answer: { readonly status: number; readonly headers: Readonly<Record<string, string>> }) => void;
}): () => void {
  const begin = (message: unknown) => {
    on.onSent();
    requestOf(message).once("response", (response: IncomingMessage) => {
      const headers = Object.fromEntries(
        Object.entries(response.headersDistinct).map(([name, values = []]) => [name, values.join(", ")]),
      );
      response.once("end", () => on.onAnswer({ status: response.statusCode ?? 0, headers }));
    });
  };
  subscribe(created, begin);
  return () => unsubscribe(created, begin);
}
