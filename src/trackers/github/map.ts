import type {
  Cycle,
  Label as DomainLabel,
  NamedIssue,
  NativeAttachment,
  NativeComment,
  NativeIssue,
  Person,
  Vocabulary,
} from "../../domain/issue.ts";
import type { SourceInfo } from "../../domain/source.ts";
import { toLabelColor } from "../label-color.ts";
import { findLinkedFiles } from "../linked-files.ts";
import { readMarker } from "../comment-mark.ts";
import { parentKeyOf, repositoryOf } from "./refs.ts";
import type { Comment, Issue, Label, LinkedIssue, Milestone, Repository, User } from "./schema.ts";
import { untyped } from "./types.ts";
import { isUpload } from "./uploads.ts";

export function toIssue(issue: Issue): NativeIssue {
  const { body, id: madeBy } = readMarker(issue.body ?? "");
  return {
    nativeId: String(issue.id),
    key: `#${issue.number}`,
    formerKeys: [],
    url: issue.html_url,
    type: issue.type?.name ?? untyped,
    title: issue.title,
    body,
    stateId: stateIdOf(issue),
    nativePriority: null,
    labelIds: issue.labels.map(labelIdOf),
    assigneeIds: (issue.assignees ?? []).map((user) => String(user.id)),
    authorId: issue.user ? String(issue.user.id) : null,
    parentId: null,
    parentKey: issue.parent_issue_url ? parentKeyOf(issue.parent_issue_url, repositoryOf(issue.repository_url)) : null,
    cycleId: issue.milestone ? String(issue.milestone.id) : null,
    createdAt: issue.created_at,
    updatedAt: issue.updated_at,
    closedAt: issue.closed_at ?? null,
    dueDate: null,
    estimate: null,
    commentCount: issue.comments ?? null,
    children: issue.sub_issues_summary
      ? { done: issue.sub_issues_summary.completed, total: issue.sub_issues_summary.total }
      : null,
    relations: hasNoDependencies(issue) ? [] : null,
    blockerCount: issue.issue_dependencies_summary?.blocked_by ?? null,
    attachments: findAttachments(issue),
    // The operation that created it; an edit of the body keeps this mark.
    version: madeBy,
    madeBy,
  };
}

/** GitHub has no list of an issue's files, so these are the files that its text links to. */
function findAttachments({ body, html_url }: Issue): NativeAttachment[] {
  const origin = URL.parse(html_url)?.origin;
  if (!body || origin === undefined) return [];
  return findLinkedFiles(body, (url) => isUpload(url, origin));
}

/** `open`, `closed:completed`, `closed:not_planned`, `closed:duplicate`. Issues closed before reasons existed count as completed. */
function stateIdOf(issue: Pick<Issue, "state" | "state_reason">): string {
  if (issue.state === "open") return "open";
  return issue.state_reason === "not_planned" || issue.state_reason === "duplicate"
    ? `closed:${issue.state_reason}`
    : "closed:completed";
}

function hasNoDependencies(issue: Issue): boolean {
  const summary = issue.issue_dependencies_summary;
  if (!summary) return false;
  return (summary.total_blocked_by ?? summary.blocked_by) === 0 && (summary.total_blocking ?? summary.blocking) === 0;
}

function labelIdOf(label: string | Label): string {
  return typeof label === "string" ? `name:${label}` : String(label.id);
}

/** The vocabulary contained in the issues of a page. */
export function toSeen(issues: readonly Issue[]): Partial<Vocabulary> {
  const labels = new Map<string, DomainLabel>();
  const people = new Map<string, Person>();
  const cycles = new Map<string, Cycle>();
  for (const issue of issues) {
    for (const label of issue.labels) {
      const id = labelIdOf(label);
      if (!labels.has(id))
        labels.set(id, typeof label === "string" ? { id, name: label, color: null } : toLabel(label));
    }
    for (const user of [issue.user, ...(issue.assignees ?? [])]) {
      if (user) people.set(String(user.id), toPerson(user));
    }
    if (issue.milestone) cycles.set(String(issue.milestone.id), toCycle(issue.milestone));
  }
  return { labels: [...labels.values()], people: [...people.values()], cycles: [...cycles.values()] };
}

/** `panopticon#45`, for any repository. */
export function toNamedIssue({ id, number, title, html_url }: LinkedIssue): NamedIssue {
  const repository = /\/([^/]+)\/(?:issues|pull)\/\d+$/.exec(html_url)?.[1] ?? "";
  return { id: String(id), key: `${repository}#${number}`, title, url: html_url };
}

export function toLabel(label: Label): DomainLabel {
  return { id: String(label.id), name: label.name, color: toLabelColor(label.color) };
}

export function toPerson(user: User): Person {
  return {
    id: String(user.id),
    login: user.login,
    name: user.name || user.login,
    avatarUrl: user.avatar_url || null,
  };
}

const dayMs = 24 * 60 * 60 * 1000;

/** A due date is kept as the midnight with which that day begins on the Pacific coast (7:00 or 8:00 UTC); the milestone ends with the day. */
export function toCycle(milestone: Milestone): Cycle {
  const due = milestone.due_on ?? null;
  const endsAt = due === null ? null : due - (due % dayMs) + dayMs;
  return { id: String(milestone.id), name: milestone.title, startsAt: null, endsAt };
}

export function toComment(comment: Comment): NativeComment {
  return {
    id: String(comment.id),
    authorId: comment.user ? String(comment.user.id) : null,
    body: readMarker(comment.body ?? "").body,
    createdAt: comment.created_at,
    updatedAt: comment.updated_at,
  };
}

export function toSourceInfo(repository: Repository): SourceInfo {
  const readable = repository.has_issues !== false;
  return {
    id: String(repository.id),
    key: repository.full_name,
    name: repository.full_name,
    url: repository.html_url,
    readable,
    reason: readable ? null : "Issues are disabled in this repository.",
  };
}
