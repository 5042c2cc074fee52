import { createSortedIndex } from "../server/sorted-index.ts";
import type { StoredFiles } from "../server/stored-files.ts";
import type { Issue, IssueType, Label, Repo, StateFilter, StateReason, User } from "./records.ts";

export type GitHubState = {
  readonly organisation: { readonly id: number; readonly login: string; readonly name: string };
  readonly users: readonly User[];
  readonly types: readonly IssueType[];
  readonly repos: Repo[];
  /** Former full name (lower case) → repository, for redirects. */
  readonly formerNames: Map<string, Repo>;
  readonly issuesById: Map<number, Issue>;
  readonly files: StoredFiles;
  /** The server's origin; set once it is known. */
  origin: string;
  nextId(): number;
  /** The clock, truncated to seconds. */
  stamp(): number;
};

export function createState(parts: {
  readonly organisation: GitHubState["organisation"];
  readonly users: readonly User[];
  readonly types: readonly IssueType[];
  readonly now: () => number;
}): GitHubState {
  let lastId = 2_400_000_000;
  return {
    organisation: parts.organisation,
    users: parts.users,
    types: parts.types,
    repos: [],
    formerNames: new Map(),
    issuesById: new Map(),
    files: new Map(),
    origin: "",
    nextId: () => {
      lastId += 17;
      return lastId;
    },
    stamp: () => toSecond(parts.now()),
  };
}

export function toSecond(time: number): number {
  return Math.floor(time / 1_000) * 1_000;
}

const byUpdate = (a: Issue, b: Issue) => a.updatedAt - b.updatedAt || a.id - b.id;
const byCreation = (a: Issue, b: Issue) => a.createdAt - b.createdAt || a.id - b.id;

export function createIndexes(compare: "update" | "creation"): Repo["byUpdate"] {
  const make = () => createSortedIndex<Issue>(compare === "update" ? byUpdate : byCreation);
  return { open: make(), closed: make(), all: make() };
}

/** Bulk-loads seeded issues. */
export function loadIssues(state: GitHubState, repo: Repo, issues: readonly Issue[]): void {
  for (const issue of issues) {
    repo.issues.set(issue.number, issue);
    state.issuesById.set(issue.id, issue);
    if (issue.state === "open") repo.openCount += 1;
    repo.nextNumber = Math.max(repo.nextNumber, issue.number + 1);
  }
  for (const indexes of [repo.byUpdate, repo.byCreation]) {
    indexes.all.load(issues);
    indexes.open.load(issues.filter((issue) => issue.state === "open"));
    indexes.closed.load(issues.filter((issue) => issue.state === "closed"));
  }
}

/** Creates an issue with the repository's next number; `insertIssue` adds it. */
export function makeIssue(state: GitHubState, repo: Repo, at: number, user: User): Issue {
  const number = repo.nextNumber;
  repo.nextNumber += 1;
  return {
    id: state.nextId(),
    repo,
    number,
    isPull: false,
    title: "Untitled",
    body: null,
    user,
    labels: [],
    assignees: [],
    milestone: null,
    type: null,
    state: "open",
    stateReason: null,
    closedBy: null,
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    commentCount: 0,
    comments: [],
    parent: null,
    children: [],
    blockedBy: [],
    blocking: [],
    malformed: null,
  };
}

export function insertIssue(state: GitHubState, issue: Issue): void {
  const { repo } = issue;
  repo.issues.set(issue.number, issue);
  state.issuesById.set(issue.id, issue);
  if (issue.state === "open") repo.openCount += 1;
  for (const filter of filtersOf(issue)) {
    repo.byUpdate[filter].add(issue);
    repo.byCreation[filter].add(issue);
  }
  repo.version += 1;
}

/** Removes an issue from its repository and from every relation. */
export function removeIssue(state: GitHubState, issue: Issue): void {
  const { repo } = issue;
  for (const filter of filtersOf(issue)) {
    repo.byUpdate[filter].remove(issue);
    repo.byCreation[filter].remove(issue);
  }
  if (issue.state === "open") repo.openCount -= 1;
  repo.issues.delete(issue.number);
  state.issuesById.delete(issue.id);
  if (issue.parent) drop(issue.parent.children, issue);
  for (const child of issue.children) child.parent = null;
  for (const other of issue.blockedBy) drop(other.blocking, issue);
  for (const other of issue.blocking) drop(other.blockedBy, issue);
  repo.version += 1;
}

/** Changes an issue and moves it to its new place in the lists. `updatedAt`: its new timestamp, in whole seconds. */
export function changeIssue(issue: Issue, updatedAt: number, change: (issue: Issue) => void): void {
  const { repo } = issue;
  for (const filter of filtersOf(issue)) {
    repo.byUpdate[filter].remove(issue);
    repo.byCreation[filter].remove(issue);
  }
  if (issue.state === "open") repo.openCount -= 1;
  change(issue);
  issue.updatedAt = updatedAt;
  if (issue.state === "open") repo.openCount += 1;
  for (const filter of filtersOf(issue)) {
    repo.byUpdate[filter].add(issue);
    repo.byCreation[filter].add(issue);
  }
  repo.version += 1;
}

/** Closes or opens an issue as GitHub does: a reason without a change of state is ignored. */
export function setIssueState(
  issue: Issue,
  next: "open" | "closed",
  reason: StateReason | null,
  by: User,
  at: number,
): void {
  if (issue.state === next) return;
  issue.state = next;
  if (next === "closed") {
    issue.stateReason = issue.isPull ? null : reason === "not_planned" || reason === "duplicate" ? reason : "completed";
    issue.closedAt = at;
    issue.closedBy = by;
  } else {
    issue.stateReason = issue.isPull ? null : "reopened";
    issue.closedAt = null;
    issue.closedBy = null;
  }
}

/** Label names are case-insensitive; a missing label is created, as GitHub does on writing. */
export function findOrCreateLabel(state: GitHubState, repo: Repo, name: string): Label {
  const found = repo.labels.find((label) => label.name.toLowerCase() === name.toLowerCase());
  if (found) return found;
  const label: Label = { id: state.nextId(), name, color: "ededed", description: null, isDefault: false };
  repo.labels.push(label);
  repo.version += 1;
  return label;
}

export function findRepo(state: GitHubState, fullName: string): Repo | undefined {
  const folded = fullName.toLowerCase();
  return state.repos.find((repo) => repo.fullName.toLowerCase() === folded);
}

function drop<T>(items: T[], item: T): void {
  const index = items.indexOf(item);
  if (index !== -1) items.splice(index, 1);
}

function filtersOf(issue: Issue): StateFilter[] {
  return ["all", issue.state];
}

export function userOf(state: GitHubState, login: string): User {
  const user = state.users.find((one) => one.login === login);
  if (user === undefined) throw new Error(`There is no user ${login}.`);
  return user;
}

export function labelOf(repo: Repo, name: string): Label {
  const label = repo.labels.find((one) => one.name === name);
  if (label === undefined) throw new Error(`${repo.fullName} has no label ${name}.`);
  return label;
}
