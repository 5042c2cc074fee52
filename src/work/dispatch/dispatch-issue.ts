import type { AgentState } from "../../domain/agent.ts";
import { foldName } from "../../domain/fold-name.ts";
import { type Priority, priorityRank } from "../../domain/priority.ts";
import { isFinished, type Status } from "../../domain/status.ts";
import type { DispatchRules } from "../../domain/work-settings.ts";

/** A mirrored issue as dispatch sees it. */
export type DispatchIssue = {
  readonly issueId: number;
  readonly ref: string;
  /** Identifies exactly this issue. */
  readonly address: string;
  readonly title: string;
  readonly tracker: string;
  readonly project: string;
  readonly status: Status;
  readonly priority: Priority;
  readonly createdAt: number;
  readonly labels: readonly string[];
  readonly assignees: readonly { readonly login: string; readonly isMe: boolean }[];
  /** Refs of unfinished issues that block it, of any tracker. */
  readonly blockedBy: readonly string[];
  /** The last agent in its workspace. */
  readonly agentState: AgentState | null;
};

type Words = DispatchRules["when"];

/** Whether an issue matches the rules; other conditions may still prevent it from starting now. */
export function isMatching(issue: DispatchIssue, when: Words): boolean {
  return (
    !isFinished(issue.status) &&
    when.status.includes(issue.status) &&
    (when.project.length === 0 || when.project.includes(issue.project)) &&
    hasItsPeople(issue, when)
  );
}

/** Whether labels and assignee match, which a claim requires throughout. All labels are required; one of the assignees suffices. */
export function hasItsPeople(issue: DispatchIssue, when: Words): boolean {
  const labels = new Set(issue.labels.map(foldName));
  if (!when.labels.every((label) => labels.has(foldName(label)))) return false;
  if (when.assignee.length === 0) return true;
  return when.assignee.some((wanted) => {
    const folded = wanted.toLowerCase();
    if (folded === "none") return issue.assignees.length === 0;
    return issue.assignees.some(({ login, isMe }) => (folded === "me" ? isMe : login.toLowerCase() === folded));
  });
}

/** Urgent first and no priority last; then the oldest; then by ref, so that the order is always the same. */
export function byUrgency(a: DispatchIssue, b: DispatchIssue): number {
  return (
    priorityRank(a.priority) - priorityRank(b.priority) ||
    a.createdAt - b.createdAt ||
    a.ref.localeCompare(b.ref, "en", { numeric: true }) ||
    a.issueId - b.issueId
  );
}
