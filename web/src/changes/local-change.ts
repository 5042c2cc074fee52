import type { IssueDetailShape, IssueShape } from "../../../src/server/contract/issue.ts";
import { showChange, type ShownChange } from "./shown-change.ts";

/** An optimistic change to one issue that cached server data may not include yet. */
export type LocalChange = {
  readonly id: number;
  /** See `cardKey`. */
  readonly key: string;
  /** The issue as shown before the change; null: a new issue. */
  readonly before: IssueShape | null;
  readonly shown: ShownChange;
  /** When the change was made, ISO 8601; shown as the time of update. */
  readonly madeAt: string;
  /** The issue in the server's response, with the change applied. */
  readonly answer: IssueShape | null;
  /** When the response arrived, by `performance.now()`; null: not yet. Anything read later includes the change. */
  readonly answeredAt: number | null;
  /** For a new issue: boards from this sequence on include it, possibly under the key its tracker gave it. */
  readonly sequence?: number;
  /** The row of the new column where the card was dropped, used if its own place is not loaded. */
  readonly putAt: number | null;
};

/** Whether data read at `readAt` may lack the change. */
export function isAhead(change: LocalChange, readAt: number): boolean {
  return change.answeredAt === null || change.answeredAt > readAt;
}

/**
 * What a response says about its own change: the fields that the change set, and those that came with it. Everything else in it may be older than data that was
 * read while the response was on its way.
 */
function outcomeOf({ before, shown, madeAt, answer }: LocalChange): Partial<IssueShape> {
  if (answer === null || before === null) return answer ?? {};
  const wanted = showChange(before, shown, madeAt);
  const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  const keys = Object.keys(answer) as (keyof IssueShape)[];
  return Object.fromEntries(
    keys
      .filter((key) => !isSame(answer[key], before[key]) || !isSame(wanted[key], before[key]))
      .map((key) => [key, answer[key]]),
  );
}

/** By change, because a change is laid over many reads. */
const outcomes = new WeakMap<LocalChange, Partial<IssueShape>>();

/** Applies the changes that `issue` may lack, in order; returns `issue` itself if there are none. */
export function layOver<T extends IssueShape | IssueDetailShape>(
  issue: T,
  changes: readonly LocalChange[],
  readAt: number,
): T {
  let shown = issue;
  for (const change of changes) {
    if (!isAhead(change, readAt)) continue;
    const outcome = outcomes.get(change) ?? outcomeOf(change);
    outcomes.set(change, outcome);
    // The response is a card without texts; an edited text must not revert to the previous one.
    shown = { ...showChange(shown, change.shown, change.madeAt), ...outcome };
  }
  return shown;
}
