import type { SourceRow } from "../store/sources/source-row.ts";
import type { Source } from "../trackers/tracker.ts";

/** The part of a mirrored source that its tracker needs. */
export function toSource(row: SourceRow): Source {
  return { key: row.config.key, historyMs: row.config.historyMs, nativeId: row.info?.id ?? null };
}
