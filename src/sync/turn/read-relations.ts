import { isPanopticonError } from "../../domain/error.ts";
import type { Change } from "../../store/change.ts";
import type { SourceRow } from "../../store/sources/source-row.ts";
import type { Store } from "../../store/store.ts";
import type { HttpMonitor } from "../../trackers/http/http-client.ts";
import type { TrackerConnection } from "../../trackers/tracker.ts";
import { storeRead } from "../store-read.ts";
import { toSource } from "../to-source.ts";

/** Reads per turn, limited because other work of the turn may be awaited. */
const maxReads = 10;

/**
 * Reads issues whose blockers the tracker's list counts but does not name. Only while more than half of the budget is left; sends no request if there is no
 * such issue. It completes what was read before, so it is no change of the source, which would be polled more often for it.
 *
 * Returns whether such issues are left for the next turn.
 */
export async function readRelations(options: {
  readonly store: Store;
  readonly connection: TrackerConnection;
  readonly monitor: HttpMonitor;
  readonly row: SourceRow;
  readonly signal: AbortSignal;
  readonly onChange: (change: Change) => void;
}): Promise<boolean> {
  const { store, connection, monitor, row, signal, onChange } = options;
  const { lastChangeAt } = row.sync;
  const unread = await store.mirror.unreadRelations(row.id, maxReads);
  for (const { nativeId, key } of unread) {
    signal.throwIfAborted();
    if (!isPlenty(monitor)) return false;
    try {
      const read = await connection.read(toSource(row), nativeId, key, signal);
      const change = await storeRead(store, row.id, nativeId, read, { lastChangeAt });
      if (change !== null) onChange(change);
    } catch (error) {
      // A record that does not parse is not retried until it changes.
      if (!isPanopticonError(error) || error.code !== "invalid_response") throw error;
    }
    await store.mirror.relationsRead(row.id, [nativeId]);
  }
  return unread.length === maxReads && areRelationsLeft(store, row, monitor);
}

/** Whether there are issues for `readRelations`, and budget to read them. */
export async function areRelationsLeft(store: Store, row: SourceRow, monitor: HttpMonitor): Promise<boolean> {
  return isPlenty(monitor) && (await store.mirror.unreadRelations(row.id, 1)).length > 0;
}

/** An unknown budget counts as plenty: such a tracker reports no budget to save. */
function isPlenty(monitor: HttpMonitor): boolean {
  const budget = monitor.budget();
  return budget?.remaining == null || budget.limit == null || budget.remaining > budget.limit / 2;
}
