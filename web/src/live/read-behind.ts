import type { Query, QueryClient } from "@tanstack/react-query";
import { queryKeys } from "../api/queries.ts";
import { readTime } from "../api/read-times.ts";
import type { ChangeStore } from "../changes/change-store.ts";
import type { PageData } from "./page-data.ts";

/** How long after a change's response its event may arrive. */
const eventMs = 1000;

/**
 * Reads the board again after a change whose event arrived before its response: data read on the event then counts as older than the change, and no other event
 * may follow. Returns how to stop.
 */
export function readBehindAnswers(client: QueryClient, changes: ChangeStore, page: PageData): () => void {
  let answeredAt = 0;
  let afterAnswer: ReturnType<typeof setTimeout> | undefined;
  const readBehind = () => {
    afterAnswer = undefined;
    const isBehind = ({ queryKey: [kind], state: { data } }: Query) =>
      (kind === queryKeys.boards[0] || kind === queryKeys.issues[0]) &&
      typeof data === "object" &&
      data !== null &&
      readTime(data) < answeredAt;
    // What is not on the screen is read again when it is.
    client.invalidateQueries({ type: "inactive", refetchType: "none", predicate: isBehind }).catch(() => undefined);
    if (client.getQueryCache().findAll({ type: "active", predicate: isBehind }).length === 0) return;
    for (const { answeredAt: at, before, answer } of changes.get()) {
      const address = (answer ?? before)?.address;
      if (at !== null && address !== undefined) page.name([address]);
    }
    page.board.ask();
  };
  const leave = changes.subscribe(() => {
    const last = Math.max(0, ...changes.get().map((change) => change.answeredAt ?? 0));
    if (last <= answeredAt) return;
    answeredAt = last;
    afterAnswer ??= setTimeout(readBehind, eventMs);
  });
  return () => {
    leave();
    clearTimeout(afterAnswer);
  };
}
