import type { Issue, Iteration, IssueType, Label, Milestone, Project, User, WorkStatus } from "./records.ts";
import { changeIssue, type GitLabState, setIssueState } from "./state.ts";

/** The fields to change; absent ones stay. */
export type IssueChange = {
  readonly title?: string;
  readonly description?: string | null;
  readonly type?: IssueType;
  readonly labels?: readonly Label[];
  readonly assignees?: readonly User[];
  readonly milestone?: Milestone | null;
  readonly iteration?: Iteration | null;
  readonly dueDate?: string | null;
  readonly weight?: number | null;
  readonly parent?: Issue | null;
  readonly state?: Issue["state"];
  readonly status?: WorkStatus;
};

/**
 * Changes an issue as one of its users does. Labels are stored in a separate table: if only labels change, and by the last person who changed the issue, the
 * update time stays (`save(touch: true)` touches only records with changed columns).
 */
export function editIssue(state: GitLabState, issue: Issue, change: IssueChange, by: User): void {
  const at = state.now();
  const before = shapeOf(issue);
  const labelsBefore = issue.labels.map(({ id }) => id).join();
  changeIssue(issue, issue.updatedAt, (one) => apply(one, change, by, at));
  const isChanged = shapeOf(issue) !== before;
  const isRelabeled = issue.labels.map(({ id }) => id).join() !== labelsBefore;
  if (!isChanged && !(isRelabeled && issue.updatedBy !== by)) return;
  changeIssue(issue, at, (one) => (one.updatedBy = by));
}

function apply(issue: Issue, change: IssueChange, by: User, at: number): void {
  if (change.title !== undefined) issue.title = change.title;
  if (change.description !== undefined) issue.description = change.description;
  if (change.type !== undefined && change.type !== issue.type) {
    issue.type = change.type;
    issue.status = defaultStatus(issue.project, issue.type, issue.state);
  }
  if (change.labels !== undefined) issue.labels = [...change.labels];
  if (change.assignees !== undefined) issue.assignees = [...change.assignees];
  if (change.milestone !== undefined) issue.milestone = change.milestone;
  if (change.iteration !== undefined) issue.iteration = change.iteration;
  if (change.dueDate !== undefined) issue.dueDate = change.dueDate;
  if (change.weight !== undefined) issue.weight = change.weight;
  if (change.parent !== undefined) {
    issue.parent = change.parent;
    issue.epic = null;
  }
  if (change.state !== undefined) setState(issue, change.state, by, at);
  if (change.status !== undefined) setStatus(issue, change.status, by, at);
}

/** Closing and reopening set the matching status of the lifecycle. */
export function setState(issue: Issue, next: Issue["state"], by: User, at: number): void {
  if (issue.state === next) return;
  setIssueState(issue, next, by, at);
  issue.status = defaultStatus(issue.project, issue.type, next);
}

/** A status in the category done or canceled closes the issue, any other opens it. */
function setStatus(issue: Issue, status: WorkStatus, by: User, at: number): void {
  issue.status = status;
  setIssueState(issue, isClosing(status) ? "closed" : "opened", by, at);
}

export function isClosing({ category }: WorkStatus): boolean {
  return category === "done" || category === "canceled";
}

/** Issues and tasks have statuses; incidents and test cases are only open or closed. */
export function defaultStatus(project: Project, type: IssueType, state: Issue["state"]): WorkStatus | null {
  if (type !== "issue" && type !== "task") return null;
  const category = state === "closed" ? "done" : "to_do";
  return project.statuses.find((status) => status.category === category) ?? null;
}

/** The issue's columns as one comparable text. */
function shapeOf(issue: Issue): string {
  return JSON.stringify([
    issue.title,
    issue.description,
    issue.type,
    issue.state,
    issue.status?.id,
    issue.assignees.map(({ id }) => id),
    issue.milestone?.id,
    issue.iteration?.id,
    issue.dueDate,
    issue.weight,
    issue.parent?.id,
    issue.epic?.id,
  ]);
}
