import type { BoardStore } from "../../store/store.ts";
import type { SyncEngine } from "../../sync/sync-engine.ts";
import type { RefContext } from "./resolve-ref.ts";

/** How long to look for a ref that the mirror does not have. */
const patienceMs = 3_000;

/** How the server resolves refs: a key that the mirror does not find is looked up in the trackers that know former keys. */
export function toRefContext(parts: {
  readonly trackers: RefContext["trackers"];
  readonly store: { readonly board: BoardStore };
  readonly sync: Pick<SyncEngine, "findByKey">;
}): RefContext {
  const { trackers, store, sync } = parts;
  return { trackers, board: store.board, lookUp: (tracker, key) => sync.findByKey(tracker, key, patienceMs) };
}
