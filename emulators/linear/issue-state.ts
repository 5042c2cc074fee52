import type { Issue, WorkflowState } from "./records.ts";

/** Moves an issue to a state and sets Linear's timestamps. */
export function setState(issue: Issue, next: WorkflowState, at: number): void {
  if (issue.state === next) return;
  issue.state = next;
  issue.startedAt = next.type === "started" ? (issue.startedAt ?? at) : issue.startedAt;
  issue.completedAt = next.type === "completed" ? at : null;
  issue.canceledAt = next.type === "canceled" || next.type === "duplicate" ? at : null;
}
