import type { IssueDetailShape, IssueShape } from "../../../src/server/contract/issue.ts";
import { showChange, type ShownChange } from "./shown-change.ts";

/** A change of one issue that what was read from the server may not have yet. */
export type LocalChange = {
  readonly id: number;
  /** See `cardKey`. */
  readonly key: string;
  /** The issue as it was shown before; null: it is new. */
  readonly before: IssueShape | null;
  readonly shown: ShownChange;
  /** When it was made, ISO 8601: since then the issue counts as updated. */
  readonly madeAt: string;
  /** The server's answer, which has the change in it. */
  readonly answer: IssueShape | null;
  /** When the answer came, on the page's clock (`performance.now`); null: not yet. What is read from then on has the change. */
  readonly answeredAt: number | null;
  /** Of a new issue: boards of this sequence and later have it, maybe as the one that its tracker has named. */
  readonly sequence?: number;
  /** Where in its new column the card was put down, for columns of which its own place is not loaded. */
  readonly putAt: number | null;
};

/** Whether what was read at that time may be without the change. */
export function isAhead(change: LocalChange, readAt: number): boolean {
  return change.answeredAt === null || change.answeredAt > readAt;
}

/** An issue with its changes laid over what was read, in order; the very issue when there is none. */
export function layOver<T extends IssueShape | IssueDetailShape>(
  issue: T,
  changes: readonly LocalChange[],
  readAt: number,
): T {
  let shown = issue;
  for (const change of changes) {
    if (!isAhead(change, readAt)) continue;
    // The answer is a card: a text that was written is not in it, and must not give way to the one before.
    shown = { ...showChange(shown, change.shown, change.madeAt), ...change.answer };
  }
  return shown;
}
