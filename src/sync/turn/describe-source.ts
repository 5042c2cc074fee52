import type { Clock } from "../../domain/clock.ts";
import type { Change } from "../../store/change.ts";
import type { SourceRow } from "../../store/sources/source-row.ts";
import type { Store } from "../../store/store.ts";
import type { TrackerConnection } from "../../trackers/tracker.ts";
import { toSource } from "../to-source.ts";
import { toStoredError } from "./to-stored-error.ts";

const hourMs = 60 * 60 * 1000;

/** How often labels, states, members and cycles are refreshed; an unknown id also triggers a refresh. */
export const describeIntervalMs = hourMs;

/** Reads a source's vocabulary, workflow and warnings into the mirror. Throws `not_found` or `forbidden` if it is not readable. */
export async function describeSource(options: {
  readonly store: Store;
  readonly connection: TrackerConnection;
  readonly row: SourceRow;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<Change> {
  const { store, connection, clock, signal } = options;
  await store.sources.beginDescribing(options.row.id);
  const row = await store.sources.get(options.row.id);
  const schema = await connection.describe(toSource(row), row.config.stateOverrides, signal);
  const change = await store.sources.saveSchema(row.id, {
    info: schema.info,
    vocabulary: schema.vocabulary,
    mapping: schema.mapping,
    form: {
      types: schema.types,
      writable: schema.writable,
      ...(schema.oneAssignee !== undefined && { oneAssignee: schema.oneAssignee }),
    },
    at: clock.now(),
    begun: true,
  });
  const warnings = (schema.warnings ?? []).map((warning) => toStoredError(warning, clock.now()));
  await store.sources.saveSync(row.id, { warnings });
  return change;
}
