import { isPanopticonError } from "../../domain/error.ts";
import type { Change } from "../../store/change.ts";
import type { SourceRow } from "../../store/sources/source-row.ts";
import type { Store } from "../../store/store.ts";
import type { HttpMonitor } from "../../trackers/http/http-client.ts";
import type { TrackerConnection } from "../../trackers/tracker.ts";
import { storeRead } from "../store-read.ts";
import { toSource } from "../to-source.ts";

/** Read in one turn at most: it is done beside what somebody waits for. */
const maxReads = 10;

/**
 * Reads issues of which the tracker's list says that something blocks them, but not what. Only while more than half of the budget is left; asks
 * nothing where there is no such issue.
 */
export async function readRelations(options: {
  readonly store: Store;
  readonly connection: TrackerConnection;
  readonly monitor: HttpMonitor;
  readonly row: SourceRow;
  readonly signal: AbortSignal;
  readonly onChange: (change: Change) => void;
}): Promise<void> {
  const { store, connection, monitor, row, signal, onChange } = options;
  for (const { nativeId, key } of await store.mirror.unreadRelations(row.id, maxReads)) {
    signal.throwIfAborted();
    if (!isPlenty(monitor)) return;
    try {
      const read = await connection.read(toSource(row), nativeId, key, signal);
      const change = await storeRead(store, row.id, nativeId, read);
      if (change !== null) onChange(change);
    } catch (error) {
      // One record that does not parse is not tried again until it changes.
      if (!isPanopticonError(error) || error.code !== "invalid_response") throw error;
    }
    await store.mirror.relationsRead(row.id, [nativeId]);
  }
}

/** Unknown is enough: such a tracker has no budget to be careful with. */
function isPlenty(monitor: HttpMonitor): boolean {
  const budget = monitor.budget();
  return budget?.remaining == null || budget.limit == null || budget.remaining > budget.limit / 2;
}
