import { subscribe, unsubscribe } from "node:diagnostics_channel";

/** The requests that this process sends with `fetch`. */
export type Traffic = {
  /** Resolves when none is under way, and whatever its answer set going has come to rest. */
  quiet(): Promise<void>;
  /** Calls `listener` with the origin and path of every request that has its whole answer. The returned function ends it. */
  onAnswer(listener: (url: string) => void): () => void;
  close(): void;
};

/** Turns of the event loop after which what an answer set going (a body read to its end, a transaction) is done or sends again. */
const calmTurns = 8;

/** Follows undici's own reports: https://undici.nodejs.org/#/docs/api/DiagnosticsChannel */
export function followTraffic(): Traffic {
  const underWay = new Set<object>();
  const idle = new Set<() => void>();
  const listeners = new Set<(url: string) => void>();

  const begin = (message: unknown) => underWay.add(requestOf(message));
  const end = (message: unknown) => {
    underWay.delete(requestOf(message));
    if (underWay.size > 0) return;
    for (const resolve of idle) resolve();
    idle.clear();
  };
  const answered = (message: unknown) => {
    const { origin, path } = requestOf(message);
    for (const listener of listeners) listener(`${String(origin)}${String(path)}`);
    end(message);
  };
  const channels = {
    "undici:request:create": begin,
    "undici:request:trailers": answered,
    "undici:request:error": end,
  };
  for (const [name, handler] of Object.entries(channels)) subscribe(name, handler);

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
      for (const [name, handler] of Object.entries(channels)) unsubscribe(name, handler);
    },
  };
}

function requestOf(message: unknown): { origin?: unknown; path?: unknown } {
  if (typeof message === "object" && message !== null && "request" in message) {
    const { request } = message;
    if (typeof request === "object" && request !== null) return request;
  }
  throw new Error("undici reports its requests in another way than it did");
}
