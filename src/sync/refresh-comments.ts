import type { Clock } from "../domain/clock.ts";
import type { NativeComment, Vocabulary } from "../domain/issue.ts";
import type { Change } from "../store/change.ts";
import type { SourceRow } from "../store/sources/source-row.ts";
import type { Store } from "../store/store.ts";
import type { TrackerConnection } from "../trackers/tracker.ts";
import { toSource } from "./to-source.ts";

/** Reads an issue's comments from its tracker into the mirror. */
export async function refreshComments(options: {
  readonly store: Store;
  readonly clock: Clock;
  readonly connection: TrackerConnection;
  readonly row: SourceRow;
  readonly issue: { readonly id: number; readonly nativeId: string; readonly key: string };
  readonly signal: AbortSignal | undefined;
}): Promise<Change> {
  const { store, clock, connection, row, issue, signal } = options;
  const requestedAt = clock.now();
  const comments: NativeComment[] = [];
  const seen: Partial<Vocabulary>[] = [];
  for await (const page of connection.comments(toSource(row), issue.nativeId, issue.key, signal)) {
    comments.push(...page.comments);
    seen.push(page.seen);
  }
  const people = seen.flatMap((page) => page.people ?? []);
  return store.comments.replace(issue.id, comments, { people }, clock.now(), requestedAt);
}
