import type { QueryClient } from "@tanstack/react-query";
import { isApiError } from "../api/client.ts";
import type { LiveStore } from "./live-store.ts";

/** Retry a read that failed although the stream is up after this time. */
const askAgainMs = 3000;

/** Whether a read failed because the server did not respond. */
function isSilence(error: unknown): boolean {
  return isApiError(error) && error.code === "server_unreachable";
}

/** Repeats failed reads and those in flight: on a connection that broke silently, their response may never arrive. */
export async function readAgain(client: QueryClient): Promise<void> {
  const waiting = new Set(client.getQueryCache().findAll({ fetchStatus: "fetching" }));
  await client.cancelQueries({ fetchStatus: "fetching" });
  await client.invalidateQueries({ predicate: (query) => query.state.status === "error" || waiting.has(query) });
}

/**
 * Repeats reads that got no answer: events are delivered once, so if the read that an event triggered fails, the page would stay outdated until the next event.
 * Returns how to stop.
 */
export function repeatUnanswered(client: QueryClient, store: LiveStore): () => void {
  let askAgain: ReturnType<typeof setTimeout> | undefined;
  const leave = client.getQueryCache().subscribe((event) => {
    if (event.type !== "updated" || event.action.type !== "error" || !isSilence(event.action.error)) return;
    askAgain ??= setTimeout(() => {
      askAgain = undefined;
      // When a lost stream returns, everything is read again anyway.
      if (store.get().connection === "lost") return;
      client
        .invalidateQueries({ type: "active", predicate: ({ state: { error } }) => isSilence(error) })
        .catch(() => undefined);
    }, askAgainMs);
  });
  return () => {
    leave();
    clearTimeout(askAgain);
  };
}
