import type { GitFolder } from "../server/git-folder.ts";
import type { SortedIndex } from "../server/sorted-index.ts";

/** GitHub's state behind the API. Times are milliseconds since the epoch, always whole seconds. */
export type User = {
  readonly id: number;
  login: string;
  readonly name: string;
  readonly email: string;
};

export type Label = {
  readonly id: number;
  name: string;
  color: string;
  description: string | null;
  readonly isDefault: boolean;
};

export type Milestone = {
  readonly id: number;
  readonly number: number;
  readonly title: string;
  readonly description: string | null;
  readonly creator: User;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly closedAt: number | null;
  readonly dueOn: number | null;
};

export type IssueType = {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly color: string;
};

export type StateReason = "completed" | "not_planned" | "duplicate" | "reopened";

export type Comment = {
  readonly id: number;
  readonly user: User;
  body: string;
  readonly createdAt: number;
  updatedAt: number;
};

/** An issue or a pull request. Only `state.ts` changes what the indexes sort by. */
export type Issue = {
  readonly id: number;
  readonly repo: Repo;
  readonly number: number;
  readonly isPull: boolean;
  title: string;
  body: string | null;
  readonly user: User;
  labels: Label[];
  assignees: User[];
  milestone: Milestone | null;
  type: IssueType | null;
  state: "open" | "closed";
  stateReason: StateReason | null;
  closedBy: User | null;
  readonly createdAt: number;
  updatedAt: number;
  closedAt: number | null;
  /** The number of comments; the seeded ones are created on first access. */
  commentCount: number;
  comments: Comment[] | null;
  parent: Issue | null;
  readonly children: Issue[];
  readonly blockedBy: Issue[];
  readonly blocking: Issue[];
  malformed: "missing-field" | "wrong-type" | null;
};

/** The fields of a pull request beyond those of an issue. */
export type PullFacts = {
  readonly head: string;
  readonly base: string;
  headSha: string;
  readonly baseSha: string;
  draft: boolean;
  mergedAt: number | null;
  mergedBy: User | null;
  mergeSha: string | null;
};

/** What a number leads to after its issue was removed. */
export type Departed = { readonly kind: "deleted" } | { readonly kind: "transferred"; readonly to: Issue };

export type Repo = {
  readonly id: number;
  /** For example `harborline/portal`. */
  fullName: string;
  readonly description: string;
  readonly isPrivate: boolean;
  readonly language: string;
  readonly createdAt: number;
  isHidden: boolean;
  readonly labels: Label[];
  readonly milestones: Milestone[];
  readonly issues: Map<number, Issue>;
  readonly departed: Map<number, Departed>;
  /** By state, in both orders that lists can use without reading every issue. */
  readonly byUpdate: Record<StateFilter, SortedIndex<Issue>>;
  readonly byCreation: Record<StateFilter, SortedIndex<Issue>>;
  nextNumber: number;
  /** The code, if any. */
  git: GitFolder | null;
  /** By number; the seeded ones are created on first access. */
  readonly pulls: Map<number, PullFacts>;
  openCount: number;
  /** Increases with every change of the repository; cached values belong to one version. */
  version: number;
};

export type StateFilter = "open" | "closed" | "all";
