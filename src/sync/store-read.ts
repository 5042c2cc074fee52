import type { Change } from "../store/change.ts";
import type { SyncState } from "../store/sources/source-row.ts";
import type { Store } from "../store/store.ts";
import type { ReadResult } from "../trackers/tracker.ts";

/** `overtaken`: the read was ignored, see `MirrorStore.applyPage`. */
export type StoredRead = Change & { readonly overtaken?: boolean };

/**
 * Stores the result of reading one issue: its present state, or that it is gone. Returns null for an unreadable issue, which stays unchanged. `sync`: what else
 * to store about its source.
 */
export function storeRead(
  store: Store,
  sourceId: number,
  nativeId: string,
  read: ReadResult,
  sync: Partial<SyncState> = {},
): Promise<StoredRead> | null {
  if (read.kind === "forbidden") return null;
  if (read.kind !== "issue") return store.mirror.remove(sourceId, [nativeId], "gone");
  return store.mirror.applyPage(sourceId, {
    changes: [read.issue],
    removed: [],
    rejected: [],
    seen: read.seen,
    requestedAt: read.requestedAt,
    sync,
  });
}
