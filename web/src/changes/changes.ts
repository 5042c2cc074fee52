import type { IssuePatch } from "../../../src/server/contract/change.ts";
import type { MoveChoiceShape } from "../../../src/server/contract/move-choice.ts";
import type { CreatedIssueShape, IssueShape } from "../../../src/server/contract/issue.ts";
import type { ApiError } from "../api/client.ts";
import type { ChangeGroup, Choice, Edit } from "./change-group.ts";
import type { ChangeStore } from "./change-store.ts";
import type { UnsentCall, UnsentStore } from "./unsent/unsent.ts";

type BulkResult = { readonly ref: string; readonly issue: IssueShape | null; readonly problem: ApiError | null };

export type SendingParts = {
  readonly store: ChangeStore;
  readonly edit: (address: string, patch: IssuePatch, step: string) => Promise<IssueShape>;
  readonly editAll: (addresses: readonly string[], patch: IssuePatch, step: string) => Promise<readonly BulkResult[]>;
  /**
   * Resolves with the reasons why parts of the step stay changed. `key`: idempotency key, the same for every attempt, so that a retry after a lost response is
   * not rejected as already done.
   */
  readonly undo: (step: string, key: string) => Promise<readonly ApiError[]>;
  /** Where changes are kept that wait for the server, for another page to send them if this one ends. */
  readonly unsent: UnsentStore;
  /** Calls back once the change is painted. */
  readonly afterPaint: (work: () => void) => void;
  /** Resolves when retrying an unreachable server makes sense. */
  readonly untilReachable: () => Promise<void>;
  /** Asks the user which transition a move takes; null: cancel the move. */
  readonly choose: (
    issue: IssueShape,
    patch: IssuePatch,
    choices: readonly MoveChoiceShape[],
  ) => Promise<Choice | null>;
  readonly onGroup: (group: ChangeGroup) => void;
  /** Whether something waits until the server is back. */
  readonly onWaiting: (waits: boolean) => void;
  /** A part was rejected and reverted. */
  readonly onFailure: (group: ChangeGroup, edit: Edit | undefined, error: ApiError) => void;
  /** A group, or part of it, could not be undone. */
  readonly onUndoFailure: (group: ChangeGroup, error: ApiError) => void;
  /** Milliseconds on a clock that nobody sets. */
  readonly now?: () => number;
};

/** What is shown of an undo until it is read. */
export type ShownUndo = { readonly answered: () => void; readonly remove: () => void };

export type Changes = {
  /** Applies the edits optimistically and sends them. `what` describes them. */
  readonly make: (edits: readonly Edit[], what: string) => void;
  /**
   * Makes a change that is no edit (a comment, a relation) to an issue, in its turn among the issue's changes: `send` gets the step's name, and is called again
   * while the server is unreachable (`isRepeated`: the first call may have arrived). Resolves with whether it was made: false if it was undone before the
   * server had answered. Rejects if `send` is refused.
   */
  readonly run: (
    what: string,
    issue: IssueShape,
    send: (step: string, isRepeated: boolean) => Promise<unknown>,
    more?: {
      /** Called when it is undone. */
      readonly showUndone?: () => ShownUndo;
      /** What `send` calls, for another page. */
      readonly unsent?: UnsentCall;
    },
  ) => Promise<boolean>;
  /** Records a created issue, so that it can be undone. `words` are said of it after its ref: `created`. */
  readonly created: (words: string, issue: CreatedIssueShape) => void;
  /** Undoes the last change of this page, or the given one; returns it, or undefined if there is none. */
  readonly undo: (groupId?: number) => ChangeGroup | undefined;
  /** Whether something would not be sent if the page were left: a change or an undo that waits for its turn, or for the server, for longer than a moment. */
  readonly hasUnsent: () => boolean;
};
