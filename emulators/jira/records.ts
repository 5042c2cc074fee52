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
  /** 1 epics, 0 what teams work on, -1 sub-tasks. */
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

/** A document; in Data Center wiki markup where that was written. */
export type Body = AdfNode | string;

/** What programs keep with an issue or a comment, by key: a JSON object each, which people do not see. */
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
  /** What was typed, as markdown, and the document it made; the seed's are made when they are first asked for. */
  typed: string;
  document: AdfNode | null;
  /** Data Center: the wiki markup that a program wrote, as it is. */
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
  /** When the status last changed its category. */
  categoryChangedAt: number;
  readonly formerKeys: string[];
  attachments: Attachment[];
  /** How many the seed gives; they are made when first asked for. */
  readonly seededComments: number;
  comments: Comment[] | null;
  /** Values of custom fields that no other member has, by the field's id. */
  custom: Map<string, unknown>;
  readonly properties: Properties;
};

/** What the search index holds of an issue; a copy of an earlier version while the index lags. */
export type Indexed = { readonly issue: Issue; shown: Issue };

/** A way from one status to another. */
export type Transition = {
  readonly id: number;
  readonly name: string;
  readonly to: Status;
  /** null: from every status but its own. */
  readonly from: readonly Status[] | null;
  /** Ids of the fields on its screen, and whether they are asked for. */
  readonly screen: Readonly<Record<string, "required" | "optional">>;
};

export type Workflow = { readonly statuses: readonly Status[]; readonly transitions: readonly Transition[] };

export type Project = {
  readonly id: number;
  key: string;
  /** Still understood. */
  readonly formerKeys: string[];
  readonly name: string;
  /** Name of the area in `seed/areas.ts`. */
  readonly area: string;
  readonly workflow: Workflow;
  /** Cloud: its members administer it themselves, on a board of another type. */
  readonly isTeamManaged: boolean;
  /** The board with the sprints. */
  readonly boardId: number;
  /** None where the project has switched them off. */
  readonly sprints: Sprint[];
  readonly createdAt: number;
  isHidden: boolean;
  readonly issues: Map<number, Issue>;
  /** In the order of the search index: update time, then number. */
  readonly index: SortedIndex<Indexed>;
  nextNumber: number;
};

export function keyOf(issue: Pick<Issue, "project" | "number">): string {
  return `${issue.project.key}-${issue.number}`;
}
