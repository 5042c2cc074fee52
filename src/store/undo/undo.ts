import type { RelationType } from "../../domain/issue.ts";
import type { FieldChange, RelationChange } from "../../domain/operation.ts";
import type { FormerPlace } from "../ranks/ranks.ts";

/** One change as its session saw it, even if the outbox has folded it, put it into a draft or split it since. */
export type UndoEntry = {
  readonly id: number;
  readonly session: string;
  readonly issueId: number;
  /** The issue's present ref; if the issue is gone, its ref at that time. */
  readonly ref: string;
  /** The outbox entry that carried it; null if there was none: a link, or a fold back to the original. */
  readonly operation: number | null;
  readonly change: UndoableChange;
  readonly at: number;
};

export type UndoableChange =
  | {
      readonly kind: "edit";
      readonly fields: readonly FieldChange[];
      /** It sent a move that had stayed here until then. */
      readonly sentKept?: true;
    }
  | { readonly kind: "create" }
  | { readonly kind: "comment" }
  | {
      readonly kind: "edit_comment";
      readonly commentId: string;
      readonly before: string;
      readonly after: string;
    }
  | { readonly kind: "delete_comment"; readonly commentId: string; readonly before: string }
  | { readonly kind: "relate" | "unrelate"; readonly relation: RelationChange }
  | { readonly kind: "link" | "unlink"; readonly type: RelationType; readonly otherId: number }
  /** A change of its place in the manual order. */
  | ({ readonly kind: "rank" } & FormerPlace);

/** The undoable changes of sessions. Entries are written with the changes themselves, in the same transaction. */
export type UndoStore = {
  /** A session's last change that was not undone: everything that was changed together, latest first. Empty: nothing. */
  last(session: string): Promise<readonly UndoEntry[]>;
  /** What is left to undo of a session's changes in one group (`Author.group`), latest first. */
  ofChange(session: string, group: string): Promise<readonly UndoEntry[]>;
  /** The outcome of a group with nothing left to undo: all of it was undone, or a part could not be; null: the session has no such group. */
  fateOf(session: string, group: string): Promise<"taken back" | "given up" | null>;
  /** The changes carried by an outbox entry that were not undone, latest first. */
  ofOperation(operation: number): Promise<readonly UndoEntry[]>;
  /** Closes entries: they were undone (`taken back`), or cannot be undone and stay in effect (`given up`). */
  close(ids: readonly number[], why: "taken back" | "given up"): Promise<void>;
};
