import type { IssueShape } from "../../../../src/server/contract/issue.ts";
import type { DropWords } from "../drag/use-drop-words.ts";

/** What a column can do for the keyboard and for dragging. */
export type ColumnHandle = {
  readonly reveal: (index: number) => void;
  readonly firstVisible: () => number;
  /** The index at which a card dropped now would go. */
  readonly dropIndex: () => number;
};

/** The card dragged over a column, and what dropping it there does. */
export type ColumnDrop = {
  readonly card: IssueShape;
  readonly words: DropWords;
  /** In manual order: the card to insert before; null: at the end. */
  readonly next: string | null;
};
