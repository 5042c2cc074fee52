import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { ClientRequest, type IncomingMessage } from "node:http";

/** The requests that this process sends to trackers. */
export type Traffic = {
  /** Resolves when none is in flight and everything triggered by responses has settled. */
  quiet(): Promise<void>;
  /** Calls `listener` with origin and path of every completed request. Returns a function that stops it. */
  onAnswer(listener: (url: string) => void): () => void;
  close(): void;
};

/** Event-loop turns after which the work triggered by a response (reading a body, a transaction) is done or sends again. */
const calmTurns = 8;

/** Uses Node's own reports: https://nodejs.org/api/diagnostics_channel.html#http */
export function followTraffic(): Traffic {
  const underWay = new Set<object>();
  const idle = new Set<() => void>();
  const listeners = new Set<(url: string) => void>();

  const begin = (message: unknown) => {
    const request = requestOf(message);
    let answer: IncomingMessage | null = null;
    underWay.add(request);
    request.once("response", (response) => (answer = response));
    request.once("close", () => end(request, answer?.complete ?? false));
  };
  const end = (request: ClientRequest, answered: boolean) => {
    const url = `${request.protocol}//${String(request.getHeader("host"))}${request.path}`;
    if (answered) for (const listener of listeners) listener(url);
    underWay.delete(request);
    if (underWay.size > 0) return;
    for (const resolve of idle) resolve();
    idle.clear();
  };
  subscribe(created, begin);

  return {
    async quiet() {
      for (let calm = 0; calm < calmTurns; calm += 1) {
        if (underWay.size > 0) {
          calm = 0;
          await new Promise<void>((resolve) => idle.add(resolve));
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    onAnswer(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      unsubscribe(created, begin);
    },
  };
}

const created = "http.client.request.created";

/** The request that one of Node's reports is about. */
export function requestOf(message: unknown): ClientRequest {
  if (typeof message === "object" && message !== null && "request" in message) {
    const { request } = message;
    if (request instanceof ClientRequest) return request;
  }
  throw new Error("Node reports its requests in another way than it did");
}
