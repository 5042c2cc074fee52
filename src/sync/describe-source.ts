import type { Clock } from "../domain/clock.ts";
import type { PanopticonError } from "../domain/error.ts";
import type { Change, SourceRow, Store } from "../store/store.ts";
import type { TrackerConnection } from "../trackers/tracker.ts";
import { toSource } from "./to-source.ts";

const hourMs = 60 * 60 * 1000;

/** Labels, states, members and cycles are read again this often, and whenever an unknown id turns up. */
export const describeIntervalMs = hourMs;

/** Reads a source's own words and workflow into the mirror; `warning` is what is odd about its settings. Throws `not_found` or `forbidden` when it is not readable. */
export async function describeSource(options: {
  readonly store: Store;
  readonly connection: TrackerConnection;
  readonly row: SourceRow;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<{ change: Change; warning: PanopticonError | null }> {
  const { store, connection, row, clock, signal } = options;
  const schema = await connection.describe(toSource(row), row.config.stateOverrides, signal);
  const change = await store.sources.saveSchema(row.id, {
    info: schema.info,
    vocabulary: schema.vocabulary,
    mapping: schema.mapping,
    form: { types: schema.types, writable: schema.writable },
    at: clock.now(),
  });
  return { change, warning: schema.warnings?.[0] ?? null };
}
