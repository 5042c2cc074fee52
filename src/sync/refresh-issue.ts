import type { Clock } from "../domain/clock.ts";
import { PanopticonError } from "../domain/error.ts";
import { localIdPrefix } from "../domain/operation.ts";
import type { Store } from "../store/store.ts";
import type { ReadResult } from "../trackers/tracker.ts";
import { refreshComments } from "./refresh-comments.ts";
import type { Runners } from "./connection/runners.ts";
import { storeRead } from "./store-read.ts";
import { toSource } from "./to-source.ts";

/**
 * Reads an issue and its comments from the tracker into the mirror. Throws `forbidden` or `gone` if it can no longer be
 * read. Does nothing for a new issue that the tracker does not have yet.
 */
export async function refreshIssue(
  { store, clock, runners }: { readonly store: Store; readonly clock: Clock; readonly runners: Pick<Runners, "get"> },
  issueId: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const issue = await store.board.detail(issueId);
  // The tracker would answer that there is no such issue, and the mirror would delete what only it has.
  if (issue.nativeId.startsWith(localIdPrefix)) return;
  const row = await store.sources.get(issue.sourceId);
  const { open, publish } = runners.get(row.config.connection);
  const { connection } = open();

  const read = await connection.read(toSource(row), issue.nativeId, issue.key, signal);
  const change = await storeRead(store, row.id, issue.nativeId, read);
  if (change !== null) publish(change);
  if (read.kind !== "issue") throw unreadable(issue, read);

  publish(await refreshComments({ store, clock, connection, row, issue, signal }));
}

function unreadable(
  { ref, tracker }: { readonly ref: string; readonly tracker: string },
  read: Exclude<ReadResult, { kind: "issue" }>,
): PanopticonError {
  if (read.kind === "forbidden") {
    return new PanopticonError("forbidden", `${ref} can no longer be read with these credentials.`, {
      tracker,
      hint: "You see its state as of the last sync. Ask for access, or replace the token.",
    });
  }
  return new PanopticonError("gone", `${ref} was ${read.kind === "moved" ? "moved away" : "deleted"} in the tracker.`, {
    tracker,
    hint: read.kind === "moved" && read.url !== null ? `It now lives at ${read.url}` : "It has left the board.",
  });
}
