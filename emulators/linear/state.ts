import { createRandom, type Random } from "../seed/random.ts";
import { createSortedIndex } from "../server/sorted-index.ts";
import type { StoredFiles } from "../server/stored-files.ts";
import {
  type Comment,
  type ExternalUser,
  identifierOf,
  type Issue,
  type IssueIndexes,
  type IssueLabel,
  type IssueRelation,
  type Team,
  type User,
} from "./records.ts";

export type LinearState = {
  readonly organisation: {
    readonly id: string;
    readonly name: string;
    readonly urlKey: string;
    readonly createdAt: number;
    readonly updatedAt: number;
  };
  readonly users: readonly User[];
  readonly externalUsers: readonly ExternalUser[];
  readonly teams: Team[];
  readonly labels: IssueLabel[];
  readonly issues: IssueIndexes;
  readonly byId: Map<string, Issue>;
  /** Current and former identifiers, upper case. */
  readonly byIdentifier: Map<string, Issue>;
  /** The comments created so far, by id; seeded ones are created on first access. */
  readonly comments: Map<string, Comment>;
  /** Counts changes, like Linear's sync does. */
  lastSyncId: number;
  readonly malformed: Map<string, "missing-field" | "wrong-type">;
  readonly files: StoredFiles;
  /** The server's origin; set once it is known. */
  origin: string;
  readonly now: () => number;
  uuid(): string;
};

const byUpdate = (a: Issue, b: Issue) => a.updatedAt - b.updatedAt || compareText(a.id, b.id);
const byCreation = (a: Issue, b: Issue) => a.createdAt - b.createdAt || compareText(a.id, b.id);

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function createIndexes(): IssueIndexes {
  return { byUpdate: createSortedIndex(byUpdate), byCreation: createSortedIndex(byCreation) };
}

export function createState(parts: {
  readonly seed: string;
  readonly organisation: LinearState["organisation"];
  readonly users: readonly User[];
  readonly externalUsers: readonly ExternalUser[];
  readonly now: () => number;
}): LinearState {
  const random: Random = createRandom(`${parts.seed}/linear/new`);
  return {
    organisation: parts.organisation,
    users: parts.users,
    externalUsers: parts.externalUsers,
    teams: [],
    labels: [],
    issues: createIndexes(),
    byId: new Map(),
    byIdentifier: new Map(),
    comments: new Map(),
    lastSyncId: 1_000_000,
    malformed: new Map(),
    files: new Map(),
    origin: "",
    now: parts.now,
    uuid: () => random.uuid(),
  };
}

/** Bulk-loads a team's seeded issues. */
export function loadIssues(state: LinearState, team: Team, issues: readonly Issue[]): void {
  for (const issue of issues) {
    state.byId.set(issue.id, issue);
    state.byIdentifier.set(identifierOf(issue), issue);
  }
  for (const indexes of [state.issues, team.issues]) {
    indexes.byUpdate.load(issues);
    indexes.byCreation.load(issues);
  }
}

export function insertIssue(state: LinearState, issue: Issue): void {
  state.byId.set(issue.id, issue);
  state.byIdentifier.set(identifierOf(issue), issue);
  addToIndexes(state, issue);
}

export function removeIssue(state: LinearState, issue: Issue): void {
  removeFromIndexes(state, issue);
  state.byId.delete(issue.id);
  for (const identifier of [identifierOf(issue), ...issue.previousIdentifiers]) state.byIdentifier.delete(identifier);
  setParent(issue, null);
  for (const comment of issue.comments ?? []) state.comments.delete(comment.id);
  for (const child of issue.children) child.parent = null;
  for (const relation of [...issue.relations, ...issue.inverseRelations]) unlink(relation);
}

/** Changes an issue, stamps it and moves it to its new place in every list, even of another team. */
export function changeIssue(state: LinearState, issue: Issue, updatedAt: number, change: (issue: Issue) => void): void {
  removeFromIndexes(state, issue);
  const before = identifierOf(issue);
  change(issue);
  issue.updatedAt = updatedAt;
  const after = identifierOf(issue);
  if (after !== before) {
    issue.previousIdentifiers.push(before);
    state.byIdentifier.set(after, issue);
  }
  addToIndexes(state, issue);
}

export function setParent(issue: Issue, parent: Issue | null): void {
  if (issue.parent) drop(issue.parent.children, issue);
  issue.parent = parent;
  parent?.children.push(issue);
}

export function link(relation: IssueRelation): void {
  relation.issue.relations.push(relation);
  relation.relatedIssue.inverseRelations.push(relation);
}

export function unlink(relation: IssueRelation): void {
  drop(relation.issue.relations, relation);
  drop(relation.relatedIssue.inverseRelations, relation);
}

function addToIndexes(state: LinearState, issue: Issue): void {
  for (const indexes of [state.issues, issue.team.issues]) {
    indexes.byUpdate.add(issue);
    indexes.byCreation.add(issue);
  }
}

function removeFromIndexes(state: LinearState, issue: Issue): void {
  for (const indexes of [state.issues, issue.team.issues]) {
    indexes.byUpdate.remove(issue);
    indexes.byCreation.remove(issue);
  }
}

function drop<T>(items: T[], item: T): void {
  const index = items.indexOf(item);
  if (index !== -1) items.splice(index, 1);
}

export function userOf(state: LinearState, login: string): User {
  const user = state.users.find((one) => one.displayName === login);
  if (user === undefined) throw new Error(`There is no user ${login}.`);
  return user;
}
