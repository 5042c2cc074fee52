import type { Issue, WorkflowState } from "./records.ts";

/** Moves an issue, with the times that Linear keeps of it. */
export function setState(issue: Issue, next: WorkflowState, at: number): void {
  if (issue.state === next) return;
  issue.state = next;
  issue.startedAt = next.type === "started" ? (issue.startedAt ?? at) : issue.startedAt;
  issue.completedAt = next.type === "completed" ? at : null;
  issue.canceledAt = next.type === "canceled" || next.type === "duplicate" ? at : null;
}
