import type { ChangeCall } from "../api/change-calls.ts";
import type { ShownUndo } from "./changes.ts";
import type { ChangeGroup } from "./change-group.ts";
import type { UnsentCall } from "./unsent/unsent.ts";

/** A group and what became of it. */
export type GroupRecord = {
  group: ChangeGroup;
  /** Its issues, by names that they keep. */
  readonly turnKeys: readonly string[];
  /** Its changes in the store. */
  readonly shownIds: ReadonlySet<number>;
  readonly showUndone?: (() => ShownUndo) | undefined;
  /** For a change made through `run`: what it calls. */
  readonly unsent?: UnsentCall | undefined;
  /** Takes back a change made through `run` that waits for its turn. */
  withdraw?: (() => void) | undefined;
  isUndone: boolean;
  /** A call got no answer: the server may have applied it. */
  isDoubtful: boolean;
  /** The call of its undo, which the server has not answered; null: it is not being undone. */
  undoing: ChangeCall | null;
  /** In milliseconds since the epoch. */
  readonly madeAt: number;
  /** Since when a call is in flight. */
  askedAt: number | null;
};
