import type { SortedIndex } from "../server/sorted-index.ts";
import type { AdfNode } from "./markdown-to-adf.ts";

/** Jira's state behind the API. Times are milliseconds since the epoch. */
export type User = {
  /** Cloud's id. */
  readonly accountId: string;
  /** Data Center's immutable key. */
  readonly key: string;
  /** Data Center's user name. */
  readonly login: string;
  name: string;
  readonly email: string;
};

export type CategoryKey = "new" | "indeterminate" | "done";

export type Status = {
  readonly id: number;
  name: string;
  readonly category: CategoryKey;
};

export type IssueType = {
  readonly id: number;
  readonly name: string;
  readonly subtask: boolean;
  /** 1: epics, 0: regular issues, -1: sub-tasks. */
  readonly level: -1 | 0 | 1;
  readonly description: string;
};

export type Named = { readonly id: number; readonly name: string; readonly description: string };

export type LinkType = {
  readonly id: number;
  readonly name: string;
  readonly inward: string;
  readonly outward: string;
};

export type Link = { readonly id: number; readonly type: LinkType; readonly from: Issue; readonly to: Issue };

export type Sprint = {
  readonly id: number;
  readonly boardId: number;
  readonly name: string;
  readonly goal: string;
  readonly state: "closed" | "active" | "future";
  readonly startAt: number;
  readonly endAt: number;
};

/** A document, or wiki markup if written that way in Data Center. */
export type Body = AdfNode | string;

/** Entity properties of an issue or comment by key: JSON objects that programs store, hidden from people. */
export type Properties = Map<string, Readonly<Record<string, unknown>>>;

export type Comment = {
  readonly id: number;
  readonly author: User;
  updateAuthor: User;
  body: Body;
  readonly createdAt: number;
  updatedAt: number;
  readonly properties: Properties;
};

export type Attachment = {
  readonly id: number;
  readonly name: string;
  readonly contentType: string;
  readonly content: Uint8Array;
  readonly author: User;
  readonly createdAt: number;
};

/** Only `state.ts` changes what the indexes sort by. */
export type Issue = {
  readonly id: number;
  project: Project;
  number: number;
  type: IssueType;
  summary: string;
  /** The typed markdown and the document made from it; the seeded ones are created on first access. */
  typed: string;
  document: AdfNode | null;
  /** Data Center: wiki markup written by a program, unchanged. */
  wiki: string | null;
  status: Status;
  resolution: Named | null;
  priority: Named | null;
  labels: string[];
  assignee: User | null;
  readonly creator: User;
  parent: Issue | null;
  readonly children: Issue[];
  links: Link[];
  sprints: Sprint[];
  points: number | null;
  dueDate: string | null;
  readonly createdAt: number;
  updatedAt: number;
  resolvedAt: number | null;
  /** When the status last changed category. */
  categoryChangedAt: number;
  readonly formerKeys: string[];
  attachments: Attachment[];
  /** The number of seeded comments, which are created on first access. */
  readonly seededComments: number;
  comments: Comment[] | null;
  /** Values of custom fields without a member of their own, by field id. */
  custom: Map<string, unknown>;
  readonly properties: Properties;
};

/** An issue in the search index; a copy of an earlier version while the index lags. */
export type Indexed = { readonly issue: Issue; shown: Issue };

/** A transition from one status to another. */
export type Transition = {
  readonly id: number;
  readonly name: string;
  readonly to: Status;
  /** null: from every status except its own. */
  readonly from: readonly Status[] | null;
  /** Ids of the fields on its screen, and whether they are required. */
  readonly screen: Readonly<Record<string, "required" | "optional">>;
};

export type Workflow = { readonly statuses: readonly Status[]; readonly transitions: readonly Transition[] };

export type Project = {
  readonly id: number;
  key: string;
  /** Former keys still work. */
  readonly formerKeys: string[];
  readonly name: string;
  /** Name of the area in `seed/areas.ts`. */
  readonly area: string;
  readonly workflow: Workflow;
  /** Cloud: administered by its members, with a different type of board. */
  readonly isTeamManaged: boolean;
  /** The board with the sprints. */
  readonly boardId: number;
  /** Empty if the project has disabled them. */
  readonly sprints: Sprint[];
  readonly createdAt: number;
  isHidden: boolean;
  readonly issues: Map<number, Issue>;
  /** Ordered like the search index: update time, then number. */
  readonly index: SortedIndex<Indexed>;
  nextNumber: number;
};

export function keyOf(issue: Pick<Issue, "project" | "number">): string {
  return `${issue.project.key}-${issue.number}`;
}
