import type { WorldFile } from "../emulator.ts";
import type { GitFolder } from "../server/git-folder.ts";
import type { SortedIndex } from "../server/sorted-index.ts";

/** GitLab's state behind the API. Times are milliseconds since the epoch, dates are `2026-11-22`. */
export type User = {
  readonly id: number;
  readonly login: string;
  name: string;
  readonly email: string;
};

export type Label = {
  readonly id: number;
  name: string;
  readonly color: string;
  readonly description: string | null;
  /** Defined by the group, for all of its projects. */
  readonly isGroupLabel: boolean;
};

export type Milestone = {
  readonly id: number;
  readonly iid: number;
  readonly title: string;
  readonly description: string | null;
  readonly createdAt: number;
  readonly startDate: string;
  readonly dueDate: string;
  readonly isClosed: boolean;
};

export type Iteration = {
  readonly id: number;
  readonly iid: number;
  readonly createdAt: number;
  readonly startDate: string;
  readonly dueDate: string;
  /** 1 upcoming, 2 current, 3 closed. */
  readonly state: 1 | 2 | 3;
};

/** The discussion of a note; a single note has its own, which becomes a thread with the first reply. */
export type Discussion = { readonly id: string; isThread: boolean };

export type Note = {
  readonly id: number;
  readonly discussion: Discussion;
  readonly author: User;
  body: string;
  /** Written by GitLab itself about a change. */
  readonly isSystem: boolean;
  readonly createdAt: number;
  updatedAt: number;
};

export const statusCategories = ["triage", "to_do", "in_progress", "done", "canceled"] as const;

/** A work item's status, on plans that have them: one of GitLab's five, or a group's custom one. */
export type WorkStatus = {
  readonly kind: "SystemDefined" | "Custom";
  readonly id: number;
  name: string;
  readonly category: (typeof statusCategories)[number];
  readonly color: string;
};

export type IssueLink = {
  readonly id: number;
  readonly from: Issue;
  readonly to: Issue;
  readonly type: "relates_to" | "blocks";
  readonly createdAt: number;
};

/** A parent of issues, on plans that have them; belongs to a group. */
export type Epic = {
  readonly id: number;
  readonly iid: number;
  readonly group: string;
  readonly title: string;
  readonly updatedAt: number;
};

export const issueTypes = ["issue", "incident", "test_case", "task"] as const;

export type IssueType = (typeof issueTypes)[number];

/** Only `state.ts` changes what the indexes sort by. */
export type Issue = {
  readonly id: number;
  readonly project: Project;
  readonly iid: number;
  title: string;
  description: string | null;
  readonly author: User;
  labels: Label[];
  assignees: User[];
  milestone: Milestone | null;
  iteration: Iteration | null;
  type: IssueType;
  state: "opened" | "closed";
  /** Set for types that have one, in projects with statuses. */
  status: WorkStatus | null;
  parent: Issue | null;
  /** Alternative to a parent issue. */
  epic: Epic | null;
  closedBy: User | null;
  updatedBy: User | null;
  readonly createdAt: number;
  updatedAt: number;
  closedAt: number | null;
  dueDate: string | null;
  weight: number | null;
  /** The number of comments; the seeded ones are created on first access. */
  noteCount: number;
  notes: Note[] | null;
  readonly links: IssueLink[];
  movedTo: Issue | null;
  duplicateOf: Issue | null;
  malformed: "missing-field" | "wrong-type" | null;
};

export type MergeRequest = {
  readonly id: number;
  readonly iid: number;
  readonly project: Project;
  title: string;
  readonly description: string | null;
  readonly author: User;
  readonly sourceBranch: string;
  readonly targetBranch: string;
  state: "opened" | "closed" | "merged";
  /** The source branch's newest commit. */
  sha: string | null;
  mergeCommit: string | null;
  squashCommit: string | null;
  readonly createdAt: number;
  updatedAt: number;
  closedAt: number | null;
  mergedAt: number | null;
  mergedBy: User | null;
};

export type Project = {
  readonly id: number;
  /** For example `harborline/platform/billing`. */
  path: string;
  readonly description: string;
  readonly visibility: "private" | "internal";
  readonly area: string;
  readonly createdAt: number;
  isHidden: boolean;
  isArchived: boolean;
  /** The statuses of its issues and tasks, in order; empty if the plan or version has none. */
  readonly statuses: readonly WorkStatus[];
  readonly labels: Label[];
  readonly milestones: Milestone[];
  readonly iterations: Iteration[];
  readonly issues: Map<number, Issue>;
  /** By state, in both orders that lists can use without reading every issue. */
  readonly byUpdate: Record<StateFilter, SortedIndex<Issue>>;
  readonly byCreation: Record<StateFilter, SortedIndex<Issue>>;
  /** By secret and name: `66db…/dk.png`. */
  readonly uploads: Map<string, WorldFile>;
  nextIid: number;
  /** The code, if any. */
  git: GitFolder | null;
  readonly mergeRequests: MergeRequest[];
};

export type StateFilter = "opened" | "closed" | "all";
