import type { Clock } from "../../domain/clock.ts";
import { isPanopticonError } from "../../domain/error.ts";
import type { Change } from "../../store/change.ts";
import type { SourceRow } from "../../store/sources/source-row.ts";
import type { Store } from "../../store/store.ts";
import type { LiveIssue, ReadResult, Source, TrackerConnection } from "../../trackers/tracker.ts";
import { storeRead } from "../store-read.ts";
import { toSource } from "../to-source.ts";

export type SweepOptions = {
  readonly store: Store;
  readonly connection: TrackerConnection;
  readonly row: SourceRow;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onChange: (change: Change) => void;
};

/**
 * Finds changes that "updated since" queries miss: reads all live ids, confirms each missing issue by reading it, and fetches those the mirror lacks. The
 * caller has checked that the source itself is readable. Compares only once the list of ids is complete.
 */
export async function sweepSource(options: SweepOptions): Promise<void> {
  const { store, connection, row, clock, signal } = options;
  const source = toSource(row);
  const live = new Map<string, string>();
  for await (const batch of connection.sweep(source, signal)) {
    for (const { nativeId, key } of batch) live.set(nativeId, key);
    const change = await storeFound(store, row.id, batch);
    if (change !== null) options.onChange(change);
  }

  if (row.config.historyMs !== null) {
    const outside = await store.mirror.closedBefore(row.id, clock.now() - row.config.historyMs);
    const old = outside.filter((nativeId) => !live.has(nativeId));
    if (old.length > 0) options.onChange(await store.mirror.remove(row.id, old, "outside"));
  }

  const vanished: { nativeId: string; key: string }[] = [];
  for await (const batch of store.mirror.nativeIds(row.id)) {
    for (const issue of batch) if (!live.has(issue.nativeId)) vanished.push(issue);
  }
  const unknown = await store.mirror.missing(row.id, [...live.keys()]);

  for (const { nativeId, key } of [
    ...vanished,
    ...unknown.map((nativeId) => ({ nativeId, key: live.get(nativeId) ?? "" })),
  ]) {
    signal.throwIfAborted();
    const read = await readOne(connection, source, nativeId, key, signal);
    const change = await storeRead(store, row.id, nativeId, read);
    if (change !== null) options.onChange(change);
  }
  await store.sources.saveSync(row.id, { lastSweepAt: clock.now() });
}

/** Stores the records of a sweep that returns whole records, one batch per transaction; null if the batch has none. */
function storeFound(store: Store, sourceId: number, batch: readonly LiveIssue[]): Promise<Change> | null {
  const found = batch.flatMap((one) => one.found ?? []);
  if (found.length === 0) return null;
  return store.mirror.applyPage(sourceId, {
    changes: found.map(({ issue }) => issue),
    removed: [],
    rejected: [],
    seen: {
      labels: found.flatMap(({ seen }) => seen.labels ?? []),
      people: found.flatMap(({ seen }) => seen.people ?? []),
      cycles: found.flatMap(({ seen }) => seen.cycles ?? []),
    },
    // Use the oldest request time for all, so that newer data in the mirror stays.
    requestedAt: Math.min(...found.map(({ requestedAt }) => requestedAt)),
    sync: {},
  });
}

/** A record that does not parse must not end the sweep; it is left unchanged, like an unreadable one. */
async function readOne(
  connection: TrackerConnection,
  source: Source,
  nativeId: string,
  key: string,
  signal: AbortSignal,
): Promise<ReadResult> {
  try {
    return await connection.read(source, nativeId, key, signal);
  } catch (error) {
    if (isPanopticonError(error) && error.code === "invalid_response") return { kind: "forbidden" };
    throw error;
  }
}
