import type { Change } from "../store/change.ts";
import type { Store } from "../store/store.ts";
import type { ReadResult } from "../trackers/tracker.ts";

/** `overtaken`: it was ignored, see `MirrorStore.applyPage`. */
export type StoredRead = Change & { readonly overtaken?: boolean };

/** Puts what reading one issue gave into the mirror: its present state, or that it is gone. What cannot be read stays as it is (null). */
export function storeRead(
  store: Store,
  sourceId: number,
  nativeId: string,
  read: ReadResult,
): Promise<StoredRead> | null {
  if (read.kind === "forbidden") return null;
  if (read.kind !== "issue") return store.mirror.remove(sourceId, [nativeId], "gone");
  return store.mirror.applyPage(sourceId, {
    changes: [read.issue],
    removed: [],
    rejected: [],
    seen: read.seen,
    requestedAt: read.requestedAt,
    sync: {},
  });
}
