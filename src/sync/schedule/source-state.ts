import type { PanopticonError } from "../../domain/error.ts";
import type { SourceRow } from "../../store/sources/source-row.ts";

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
  /** When it is to be asked again, by what came up while it is being asked: that may be older. null: nothing did. */
  againAt: number | null;
  /** Failed turns in a row. */
  failures: number;
  running: Promise<TurnResult> | null;
  progress: { done: number; total: number | null } | null;
  error: PanopticonError | null;
  lastCompleteAt: number | null;
  readonly webhook: WebhookState;
};

/** Whether webhooks can be relied on for a source. Kept in memory: after a start polls are frequent until the first delivery. */
export type WebhookState = {
  /** When a delivery last told of this source. */
  heardAt: number | null;
  /** When a poll last found what no delivery had told, or a delivery could not be followed up. */
  missedAt: number | null;
  /** When so many were told at once that a poll was the cheaper way to read them. */
  crowdedAt: number | null;
  /** The next poll is made because of a delivery: what it brings was told. */
  expecting: boolean;
};

/** After a crowd polls stay frequent for a while: a list may lag behind. */
const crowdMs = 2 * 60_000;

/** Deliveries come and nothing was missed since the last one. */
export function isAnnounced({ heardAt, missedAt, crowdedAt }: WebhookState, now: number): boolean {
  if (heardAt === null || (crowdedAt !== null && now - crowdedAt < crowdMs)) return false;
  return missedAt === null || heardAt > missedAt;
}

/** Asks for a source's next turn at that time, unless one is due sooner. */
export function askForTurn(state: SourceState, at: number): void {
  if (state.running === null) state.dueAt = Math.min(state.dueAt, at);
  else state.againAt = Math.min(state.againAt ?? at, at);
}

export function createSourceState(row: SourceRow, dueAt: number): SourceState {
  return {
    row,
    dueAt,
    againAt: null,
    failures: 0,
    running: null,
    progress: null,
    error: null,
    lastCompleteAt: row.sync.lastCompleteAt,
    webhook: { heardAt: null, missedAt: null, crowdedAt: null, expecting: false },
  };
}
