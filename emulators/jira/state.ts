import { createSortedIndex } from "../server/sorted-index.ts";
import { markdownToAdf, type AdfNode } from "./markdown-to-adf.ts";
import {
  type Indexed,
  type Issue,
  type IssueType,
  keyOf,
  type LinkType,
  type Named,
  type Project,
  type Status,
  type User,
} from "./records.ts";

export type Edition = "cloud" | "data-center";

export type JiraState = {
  readonly edition: Edition;
  /** The base URL: the origin, in Data Center with a context path. */
  readonly baseUrl: string;
  readonly cloudId: string;
  readonly users: readonly User[];
  readonly statuses: readonly Status[];
  readonly types: readonly IssueType[];
  readonly priorities: readonly Named[];
  readonly resolutions: readonly Named[];
  readonly linkTypes: readonly LinkType[];
  readonly projects: Project[];
  readonly issuesById: Map<number, Issue>;
  /** Current and former keys, upper case. */
  readonly byKey: Map<string, Issue>;
  readonly malformed: Map<number, "missing-field" | "wrong-type">;
  /** How long a change takes to reach the search index, in milliseconds. */
  searchLagMs: number;
  readonly now: () => number;
  nextId(): number;
  /** Changes that have not reached the search index yet. */
  readonly waiting: { at: number; readonly id: number; readonly apply: () => void }[];
};

export function createState(
  parts: Omit<JiraState, "projects" | "issuesById" | "byKey" | "malformed" | "searchLagMs" | "nextId" | "waiting">,
): JiraState {
  let lastId = 200_000;
  return {
    ...parts,
    projects: [],
    issuesById: new Map(),
    byKey: new Map(),
    malformed: new Map(),
    searchLagMs: 0,
    waiting: [],
    nextId: () => {
      lastId += 3;
      return lastId;
    },
  };
}

/** A time with the search index's precision: seconds in Data Center. */
export function indexTime(edition: Edition, time: number): number {
  return edition === "cloud" ? time : Math.floor(time / 1_000) * 1_000;
}

export function createIndex(edition: Edition): Project["index"] {
  return createSortedIndex<Indexed>(
    (a, b) =>
      indexTime(edition, a.shown.updatedAt) - indexTime(edition, b.shown.updatedAt) ||
      a.shown.number - b.shown.number ||
      a.issue.id - b.issue.id,
  );
}

const entries = new WeakMap<Issue, Indexed>();

/** Bulk-loads a project's seeded issues. */
export function loadIssues(state: JiraState, project: Project, issues: readonly Issue[]): void {
  for (const issue of issues) {
    remember(state, issue);
    project.nextNumber = Math.max(project.nextNumber, issue.number + 1);
  }
  project.index.load(issues.map(toIndexed));
}

function toIndexed(issue: Issue): Indexed {
  const made = { issue, shown: issue };
  entries.set(issue, made);
  return made;
}

function remember(state: JiraState, issue: Issue): void {
  issue.project.issues.set(issue.number, issue);
  state.issuesById.set(issue.id, issue);
  state.byKey.set(keyOf(issue), issue);
}

export function insertIssue(state: JiraState, issue: Issue): void {
  remember(state, issue);
  later(state, issue.id, () => {
    if (state.issuesById.get(issue.id) === issue) issue.project.index.add(toIndexed(issue));
  });
}

/** Changes an issue, stamps it, and moves it to its new place, even in another project; the search index follows with its delay. */
export function changeIssue(state: JiraState, issue: Issue, updatedAt: number, change: (issue: Issue) => void): void {
  const entry = entries.get(issue);
  const before = keyOf(issue);
  const { project } = issue;
  if (entry?.shown === issue) {
    if (state.searchLagMs > 0) entry.shown = copy(issue);
    else project.index.remove(entry);
  }
  change(issue);
  issue.updatedAt = updatedAt;
  if (keyOf(issue) !== before) {
    project.issues.delete(Number(before.split("-")[1]));
    issue.formerKeys.push(before);
    remember(state, issue);
  }
  if (entry === undefined) return;
  if (state.searchLagMs === 0 && entry.shown === issue) {
    issue.project.index.add(entry);
    return;
  }
  later(state, issue.id, () => {
    if (entry.shown === issue || state.issuesById.get(issue.id) !== issue) return;
    entry.shown.project.index.remove(entry);
    entry.shown = issue;
    issue.project.index.add(entry);
  });
}

function copy(issue: Issue): Issue {
  const { labels, links, sprints, custom } = issue;
  return { ...issue, labels: [...labels], links: [...links], sprints: [...sprints], custom: new Map(custom) };
}

/** Removes an issue from its project and from every relation. */
export function removeIssue(state: JiraState, issue: Issue): void {
  const entry = entries.get(issue);
  issue.project.issues.delete(issue.number);
  state.issuesById.delete(issue.id);
  for (const key of [keyOf(issue), ...issue.formerKeys]) state.byKey.delete(key);
  if (issue.parent) drop(issue.parent.children, issue);
  for (const child of issue.children) child.parent = null;
  for (const link of issue.links) drop((link.from === issue ? link.to : link.from).links, link);
  if (entry === undefined) return;
  if (state.searchLagMs > 0 && entry.shown === issue) entry.shown = copy(issue);
  later(state, issue.id, () => entry.shown.project.index.remove(entry));
}

function later(state: JiraState, id: number, apply: () => void): void {
  if (state.searchLagMs === 0) apply();
  else state.waiting.push({ at: state.now() + state.searchLagMs, id, apply });
}

/** Applies due changes to the search index, and those of the issues to reconcile. */
export function settleSearch(state: JiraState, reconcile: ReadonlySet<number> = new Set()): void {
  if (state.waiting.length === 0) return;
  const now = state.now();
  const isDue = ({ at, id }: { at: number; id: number }) => at <= now || reconcile.has(id);
  const due = state.waiting.filter(isDue);
  const rest = state.waiting.filter((one) => !isDue(one));
  state.waiting.splice(0, state.waiting.length, ...rest);
  for (const { apply } of due) apply();
}

function drop<T>(items: T[], item: T): void {
  const index = items.indexOf(item);
  if (index !== -1) items.splice(index, 1);
}

export function documentOf(issue: Issue): AdfNode | null {
  if (issue.document === null && issue.typed !== "") issue.document = markdownToAdf(issue.typed);
  return issue.document;
}

export function findProject(state: JiraState, idOrKey: string): Project | undefined {
  const folded = idOrKey.toUpperCase();
  return state.projects.find(
    ({ id, key, formerKeys }) => key === folded || formerKeys.includes(folded) || String(id) === idOrKey,
  );
}

/** Changes the key of a project and all its issues; former keys keep working. Update times stay. */
export function renameProject(state: JiraState, project: Project, key: string): void {
  for (const issue of project.issues.values()) issue.formerKeys.push(keyOf(issue));
  project.formerKeys.push(project.key);
  project.key = key;
  for (const issue of project.issues.values()) state.byKey.set(keyOf(issue), issue);
}

/** Finds an issue by id or by a current or former key. */
export function findIssue(state: JiraState, idOrKey: string): Issue | undefined {
  return /^\d+$/.test(idOrKey) ? state.issuesById.get(Number(idOrKey)) : state.byKey.get(idOrKey.toUpperCase());
}

/** Finds a person by login, name or e-mail. */
export function findUser(state: JiraState, text: string): User | undefined {
  return state.users.find((user) => [user.login, user.name, user.email, user.accountId, user.key].includes(text));
}

/** How responses identify a person: Cloud has no logins. */
export function loginOf(state: JiraState, user: User): string {
  return state.edition === "cloud" ? user.name : user.login;
}

/** Sets a status like a workflow does: entering a done status sets the resolution, leaving it clears it. */
export function setStatus(state: JiraState, issue: Issue, status: Status, resolution: Named | null, at: number): void {
  const wasDone = issue.status.category === "done";
  if (issue.status.category !== status.category) issue.categoryChangedAt = at;
  issue.status = status;
  if (status.category !== "done") {
    issue.resolution = null;
    issue.resolvedAt = null;
    return;
  }
  const next = resolution ?? (wasDone ? issue.resolution : (state.resolutions[0] ?? null));
  if (!wasDone || next !== issue.resolution) issue.resolvedAt = at;
  issue.resolution = next;
}
