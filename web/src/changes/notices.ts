import type { MoveChoiceShape } from "../../../src/server/contract/move-choice.ts";
import type { IssuePatch } from "../../../src/server/contract/change.ts";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import type { ApiError } from "../api/client.ts";
import type { ChangeGroup, Choice, Edit } from "./change-group.ts";

/** A change that was rejected. */
export type Failure = {
  readonly id: number;
  /** `Couldn’t save MIN-123` */
  readonly what: string;
  readonly edit: Edit | undefined;
  readonly error: ApiError;
};

/** A move that needs the user to choose a transition. */
export type OpenChoice = {
  readonly issue: IssueShape;
  readonly patch: IssuePatch;
  readonly choices: readonly MoveChoiceShape[];
  readonly settle: (choice: Choice | null) => void;
};

/** What the page tells the user about recent changes. */
export type Notices = {
  /** The last change, while its notice offers undo. */
  readonly group: ChangeGroup | null;
  /** Groups up to this number are not shown again. */
  readonly closed: number;
  readonly failures: readonly Failure[];
  /** A short message such as "undone" or "copied"; with `undo` if this page alone can undo it. */
  readonly note: { readonly id: number; readonly text: string; readonly undo?: (() => void) | undefined } | null;
  readonly choice: OpenChoice | null;
  /** Whether a change waits until the server is back. */
  readonly waits: boolean;
  /** When a change was last undone, by `performance.now()`; null: never. */
  readonly undoneAt: number | null;
};

export type NoticeStore = {
  readonly get: () => Notices;
  readonly set: (change: (before: Notices) => Partial<Notices>) => void;
  /** Shows a short notice, longer if it offers `undo`. */
  readonly say: (text: string, undo?: () => void) => void;
  /** Shows a failure until the user closes it. */
  readonly fail: (what: string, error: ApiError, edit?: Edit) => void;
  readonly subscribe: (listener: () => void) => () => void;
};

/** How many failures to show at once. */
const maxFailures = 3;

export function createNoticeStore(): NoticeStore {
  let notices: Notices = {
    group: null,
    closed: 0,
    failures: [],
    note: null,
    choice: null,
    waits: false,
    undoneAt: null,
  };
  let lastId = 0;
  const listeners = new Set<() => void>();
  const set: NoticeStore["set"] = (change) => {
    notices = { ...notices, ...change(notices) };
    for (const listener of listeners) listener();
  };
  return {
    get: () => notices,
    set,
    say: (text, undo) => {
      lastId += 1;
      set(() => ({ note: { id: lastId, text, undo } }));
    },
    fail: (what, error, edit) => {
      lastId += 1;
      const failure = { id: lastId, what, edit, error };
      // A repeated failure replaces the earlier one.
      const isNews = (other: Failure) => other.what !== what || other.error.message !== error.message;
      set(({ failures }) => ({ failures: [...failures.filter(isNews), failure].slice(-maxFailures) }));
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
