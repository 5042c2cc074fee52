import type { RelationType } from "../../domain/issue.ts";
import type { FieldChange, RelationChange } from "../../domain/operation.ts";
import type { FormerPlace } from "../ranks/ranks.ts";

/** One change as its session saw it, whatever the outbox made of it since (folded it, put it into a draft, split it). */
export type UndoEntry = {
  readonly id: number;
  readonly session: string;
  readonly issueId: number;
  /** The issue's ref now; as it was then where the issue is gone. */
  readonly ref: string;
  /** The outbox's entry that carried it; null where there was none: a link, or a fold back to the original. */
  readonly operation: number | null;
  readonly change: UndoableChange;
  readonly at: number;
};

export type UndoableChange =
  | { readonly kind: "edit"; readonly fields: readonly FieldChange[] }
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
  /** Its place in the manual order. */
  | ({ readonly kind: "rank" } & FormerPlace);

/** What sessions did and can take back. Entries are written with the changes themselves, in the same transaction. */
export type UndoStore = {
  /** The last thing a session did that was not taken back: all that was changed together, the latest first. Empty: nothing. */
  last(session: string): Promise<readonly UndoEntry[]>;
  /** What is left to be taken back of what a session did under one name (`Author.group`), the latest first. */
  ofChange(session: string, group: string): Promise<readonly UndoEntry[]>;
  /** What became of such a step of which nothing is left to be taken back: all of it was, or a part could not be; null: the session did nothing under this name. */
  fateOf(session: string, group: string): Promise<"taken back" | "given up" | null>;
  /** What an entry of the outbox carries and was not taken back, the latest first. */
  ofOperation(operation: number): Promise<readonly UndoEntry[]>;
  /** These are not to be taken back any more: they are so already (`taken back`), or cannot be and stand (`given up`). */
  close(ids: readonly number[], why: "taken back" | "given up"): Promise<void>;
};
