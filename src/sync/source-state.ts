import { PanopticonError } from "../domain/error.ts";
import type { SourceRow } from "../store/store.ts";

/** What a turn brought; `error` is what ended it early. */
export type TurnResult = {
  readonly changed: number;
  readonly removed: number;
  readonly error: PanopticonError | null;
};

/** What a connection's runner knows of one of its sources while the process runs. Times in milliseconds since the epoch. */
export type SourceState = {
  row: SourceRow;
  dueAt: number;
  /** Failed turns in a row. */
  failures: number;
  running: Promise<TurnResult> | null;
  progress: { done: number; total: number | null } | null;
  error: PanopticonError | null;
  /** What is odd about the source's settings without stopping its sync. */
  warning: PanopticonError | null;
  lastCompleteAt: number | null;
};

export function createSourceState(row: SourceRow, dueAt: number): SourceState {
  return {
    row,
    dueAt,
    failures: 0,
    running: null,
    progress: null,
    error: null,
    warning: storedWarning(row),
    lastCompleteAt: row.sync.lastCompleteAt,
  };
}

/** A warning outlives the process; the next description renews or clears it. */
function storedWarning({ config, sync }: SourceRow): PanopticonError | null {
  if (sync.describedAt === null || sync.error?.code !== "invalid_input") return null;
  return new PanopticonError("invalid_input", sync.error.message, {
    tracker: config.tracker,
    hint: sync.error.hint ?? undefined,
  });
}
