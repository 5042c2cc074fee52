/** A made-up issue, independent of any tracker. Times are milliseconds since the epoch. */
export type Story = {
  readonly title: string;
  readonly body: string;
  readonly kind: "bug" | "feature" | "chore";
  readonly stage: Stage;
  /** 0 none, 1 urgent … 4 low. */
  readonly priority: 0 | 1 | 2 | 3 | 4;
  readonly component: string;
  /** Logins. */
  readonly author: string;
  readonly assignees: readonly string[];
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly closedAt: number | null;
  readonly estimate: number | null;
  /** For example `2026-11-22`. */
  readonly dueDate: string | null;
  /** The parent's index among the source's stories; always an earlier one. */
  readonly parent: number | null;
  readonly blockedBy: readonly number[];
  readonly relatesTo: readonly number[];
  readonly duplicateOf: number | null;
  /** The planned cycle or milestone; `past` is the one in which it was closed. */
  readonly cycle: "past" | "current" | "next" | null;
  readonly comments: number;
};

export type Stage =
  | "triage"
  | "backlog"
  | "unstarted"
  | "planning"
  | "in_progress"
  | "in_review"
  | "done"
  | "canceled"
  | "duplicate";

export function isClosed(stage: Stage): boolean {
  return stage === "done" || stage === "canceled" || stage === "duplicate";
}
