import type {
  Cycle,
  Label as DomainLabel,
  NativeComment,
  NativeIssue,
  NativeRelation,
  Person,
  Vocabulary,
} from "../../domain/issue.ts";
import type { SourceInfo } from "../../domain/source.ts";
import { toLabelColor } from "../label-color.ts";
import { findLinkedFiles } from "../linked-files.ts";
import { keyOf } from "./keys.ts";
import { readNativeText } from "./text/native-text.ts";
import type { Issue, Iteration, Label, LinkedIssue, Milestone, Note, Project, User } from "./schema.ts";
import { isUpload } from "./uploads.ts";
import type { WorkItemFacts } from "./work-items/facts.ts";

/** `web`: the website's base URL, which the URLs of uploads start with. `facts`: what only GraphQL tells; null if it does not. */
export function toIssue(issue: Issue, web: string, facts: WorkItemFacts | null): NativeIssue {
  const { text: body, mark } = readNativeText(issue.description ?? "", { web, projectId: issue.project_id });
  return {
    nativeId: String(issue.id),
    key: keyOf(issue.iid),
    formerKeys: [],
    url: issue.web_url,
    type: issue.issue_type ?? "issue",
    title: issue.title,
    body,
    stateId: facts?.stateId ?? issue.state,
    nativePriority: null,
    labelIds: issue.labels.map(labelIdOf),
    assigneeIds: (issue.assignees ?? []).map((user) => String(user.id)),
    authorId: issue.author ? String(issue.author.id) : null,
    parentId: facts?.parentId ?? null,
    cycleId: cycleOf(issue)?.id ?? null,
    createdAt: issue.created_at,
    updatedAt: issue.updated_at,
    closedAt: issue.state === "closed" ? (issue.closed_at ?? issue.updated_at) : null,
    dueDate: issue.due_date ?? null,
    estimate: issue.weight ?? null,
    commentCount: issue.user_notes_count ?? null,
    children: null,
    // An issue's duplicate relation is known only if the issue is read alone.
    relations: issue._links?.closed_as_duplicate_of ? null : (facts?.relations ?? null),
    attachments: findLinkedFiles(body, (url) => isUpload(url, web)),
    // The operation that created it; an edit of the body keeps this mark.
    version: mark,
    madeBy: mark,
  };
}

function labelIdOf(label: string | Label): string {
  return typeof label === "string" ? `name:${label}` : String(label.id);
}

/** The iteration if there is one, else the milestone. */
function cycleOf({ iteration, milestone }: Issue): Cycle | null {
  if (iteration) return toIterationCycle(iteration);
  return milestone ? toCycle(milestone) : null;
}

/** The vocabulary contained in the issues of a page and in their facts. */
export function toSeen(issues: readonly Issue[], facts: readonly (WorkItemFacts | null)[] = []): Partial<Vocabulary> {
  const labels = new Map<string, DomainLabel>();
  const people = new Map<string, Person>();
  const cycles = new Map<string, Cycle>();
  for (const issue of issues) {
    for (const label of issue.labels) {
      const id = labelIdOf(label);
      labels.set(id, typeof label === "string" ? { id, name: label, color: null } : toLabel(label));
    }
    for (const user of [issue.author, ...(issue.assignees ?? [])]) {
      if (user) people.set(String(user.id), toPerson(user));
    }
    const cycle = cycleOf(issue);
    if (cycle) cycles.set(cycle.id, cycle);
  }
  return {
    labels: [...labels.values()],
    people: [...people.values()],
    cycles: [...cycles.values()],
    named: facts.flatMap((one) => one?.named ?? []),
  };
}

export function toLabel(label: Label): DomainLabel {
  return { id: String(label.id), name: label.name, color: toLabelColor(label.color) };
}

export function toPerson(user: User): Person {
  return {
    id: String(user.id),
    login: user.username,
    name: user.name || user.username,
    avatarUrl: user.avatar_url || null,
  };
}

export function toCycle(milestone: Milestone): Cycle {
  return {
    id: `milestone:${milestone.id}`,
    name: milestone.title,
    startsAt: startOf(milestone.start_date),
    endsAt: endOf(milestone.due_date),
  };
}

export function toIterationCycle(iteration: Iteration): Cycle {
  const dates = [iteration.start_date, iteration.due_date].filter(Boolean).join(" – ");
  return {
    id: `iteration:${iteration.id}`,
    name: iteration.title || dates || `Iteration ${iteration.id}`,
    startsAt: startOf(iteration.start_date),
    endsAt: endOf(iteration.due_date),
  };
}

function startOf(day: string | null | undefined): number | null {
  const time = day ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

const dayMs = 24 * 60 * 60 * 1000;

/** The due date is the last day of the cycle. */
function endOf(day: string | null | undefined): number | null {
  const time = startOf(day);
  return time === null ? null : time + dayMs;
}

const relationTypes = { relates_to: "relates", blocks: "blocks", is_blocked_by: "blocked_by" } as const;

export function toRelation(linked: LinkedIssue): NativeRelation {
  return { id: String(linked.issue_link_id), type: relationTypes[linked.link_type], targetId: String(linked.id) };
}

/** `root`: the first note of its thread. */
export function toComment(note: Note, web: string, root?: string): NativeComment {
  return {
    id: String(note.id),
    authorId: note.author ? String(note.author.id) : null,
    body: readNativeText(note.body ?? "", { web, projectId: note.project_id ?? null }).text,
    createdAt: note.created_at,
    updatedAt: note.updated_at,
    ...(root !== undefined && { replyTo: root }),
  };
}

export function toSourceInfo(project: Project): SourceInfo {
  const readable = project.issues_enabled !== false && project.issues_access_level !== "disabled";
  return {
    id: String(project.id),
    key: project.path_with_namespace,
    name: project.path_with_namespace,
    url: project.web_url,
    readable,
    reason: readable ? null : "Issues are disabled in this project.",
  };
}
