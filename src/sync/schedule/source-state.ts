import type { PanopticonError } from "../../domain/error.ts";
import type { SourceRow } from "../../store/sources/source-row.ts";

/** The result of a turn; `error` is what ended it early. */
export type TurnResult = {
  readonly changed: number;
  readonly removed: number;
  readonly error: PanopticonError | null;
};

/** A connection runner's in-memory state of a source. Times in milliseconds since the epoch. */
export type SourceState = {
  row: SourceRow;
  dueAt: number;
  /** The next turn requested during the running one, whose answers may be older than the request; null: none. */
  againAt: number | null;
  /** Consecutive failed turns. */
  failures: number;
  running: Promise<TurnResult> | null;
  progress: { done: number; total: number | null } | null;
  error: PanopticonError | null;
  lastCompleteAt: number | null;
  readonly webhook: WebhookState;
};

/** Whether a source's webhooks are reliable. Kept in memory: after a start, polls are frequent until the first delivery. */
export type WebhookState = {
  /** When a delivery last concerned this source. */
  heardAt: number | null;
  /** When a poll last found a change that no delivery announced, or a delivery could not be followed up. */
  missedAt: number | null;
  /** When so many issues were announced at once that a poll was the cheaper way to read them. */
  crowdedAt: number | null;
  /** The next poll follows a delivery, so its changes count as announced. */
  expecting: boolean;
};

/** Polls stay frequent for this long after a crowd, because a list may lag behind. */
const crowdMs = 2 * 60_000;

/** Whether deliveries arrive and nothing was missed since the last one. */
export function isAnnounced({ heardAt, missedAt, crowdedAt }: WebhookState, now: number): boolean {
  if (heardAt === null || (crowdedAt !== null && now - crowdedAt < crowdMs)) return false;
  return missedAt === null || heardAt > missedAt;
}

/** Schedules a source's next turn at the given time, unless one is due sooner. */
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
