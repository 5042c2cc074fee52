import { createSortedIndex } from "../server/sorted-index.ts";
import type { Issue, IssueLink, Label, Project, StateFilter, User } from "./records.ts";

export type GitLabState = {
  readonly group: { readonly id: number; readonly path: string; readonly name: string };
  readonly users: readonly User[];
  readonly projects: Project[];
  /** Former path (lower case) → project, for redirects. */
  readonly formerPaths: Map<string, Project>;
  readonly issuesById: Map<number, Issue>;
  nextId(): number;
  now(): number;
};

export function createState(parts: {
  readonly group: GitLabState["group"];
  readonly users: readonly User[];
  readonly now: () => number;
}): GitLabState {
  let lastId = 61_000_000;
  return {
    group: parts.group,
    users: parts.users,
    projects: [],
    formerPaths: new Map(),
    issuesById: new Map(),
    nextId: () => {
      lastId += 13;
      return lastId;
    },
    now: () => Math.floor(parts.now()),
  };
}

// Ties are ordered by descending id in either direction: GitLab always appends `id DESC`.
const byUpdate = (a: Issue, b: Issue) => a.updatedAt - b.updatedAt || b.id - a.id;
const byCreation = (a: Issue, b: Issue) => a.createdAt - b.createdAt || b.id - a.id;

export function createIndexes(compare: "update" | "creation"): Project["byUpdate"] {
  const make = () => createSortedIndex<Issue>(compare === "update" ? byUpdate : byCreation);
  return { opened: make(), closed: make(), all: make() };
}

/** Bulk-loads seeded issues. */
export function loadIssues(state: GitLabState, project: Project, issues: readonly Issue[]): void {
  for (const issue of issues) {
    project.issues.set(issue.iid, issue);
    state.issuesById.set(issue.id, issue);
    project.nextIid = Math.max(project.nextIid, issue.iid + 1);
  }
  for (const indexes of [project.byUpdate, project.byCreation]) {
    indexes.all.load(issues);
    indexes.opened.load(issues.filter((issue) => issue.state === "opened"));
    indexes.closed.load(issues.filter((issue) => issue.state === "closed"));
  }
}

export function insertIssue(state: GitLabState, issue: Issue): void {
  issue.project.issues.set(issue.iid, issue);
  state.issuesById.set(issue.id, issue);
  index(issue, "add");
}

/** Removes an issue from its project and from every relation. */
export function removeIssue(state: GitLabState, issue: Issue): void {
  index(issue, "remove");
  issue.project.issues.delete(issue.iid);
  state.issuesById.delete(issue.id);
  for (const link of issue.links) drop((link.from === issue ? link.to : link.from).links, link);
}

/** Changes an issue and moves it to its new place in the lists. `updatedAt`: its new timestamp. */
export function changeIssue(issue: Issue, updatedAt: number, change: (issue: Issue) => void): void {
  index(issue, "remove");
  change(issue);
  issue.updatedAt = updatedAt;
  index(issue, "add");
}

function index(issue: Issue, how: "add" | "remove"): void {
  for (const filter of ["all", issue.state] satisfies StateFilter[]) {
    issue.project.byUpdate[filter][how](issue);
    issue.project.byCreation[filter][how](issue);
  }
}

export function setIssueState(issue: Issue, next: Issue["state"], by: User, at: number): void {
  if (issue.state === next) return;
  issue.state = next;
  issue.closedAt = next === "closed" ? at : null;
  issue.closedBy = next === "closed" ? by : null;
}

export function linkIssues(link: IssueLink): void {
  link.from.links.push(link);
  link.to.links.push(link);
}

export function unlinkIssues(link: IssueLink): void {
  drop(link.from.links, link);
  drop(link.to.links, link);
}

/** A missing label is created, as GitLab does on writing. Names are case-sensitive. */
export function findOrCreateLabel(state: GitLabState, project: Project, name: string): Label {
  const found = project.labels.find((label) => label.name === name);
  if (found) return found;
  const label: Label = { id: state.nextId(), name, color: "#6699cc", description: null, isGroupLabel: false };
  project.labels.push(label);
  return label;
}

export function findProject(state: GitLabState, path: string): Project | undefined {
  const folded = path.toLowerCase();
  return state.projects.find((project) => project.path.toLowerCase() === folded);
}

export function getProject(state: GitLabState, path: string): Project {
  const project = findProject(state, path);
  if (project === undefined) throw new Error(`There is no project ${path}.`);
  return project;
}

export function userOf(state: GitLabState, login: string): User {
  const user = state.users.find((one) => one.login === login);
  if (user === undefined) throw new Error(`There is no user ${login}.`);
  return user;
}

export function labelOf(project: Project, name: string): Label {
  const label = project.labels.find((one) => one.name === name);
  if (label === undefined) throw new Error(`${project.path} has no label ${name}.`);
  return label;
}

function drop<T>(items: T[], item: T): void {
  const position = items.indexOf(item);
  if (position !== -1) items.splice(position, 1);
}
