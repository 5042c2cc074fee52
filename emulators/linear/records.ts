import type { SortedIndex } from "../server/sorted-index.ts";

/** Linear's state behind the API. Fields that are served unchanged have the API's names; times are milliseconds. */
type Dated = { readonly id: string; readonly createdAt: number; updatedAt: number };

export type User = Dated & {
  name: string;
  readonly displayName: string;
  readonly email: string;
  readonly admin: boolean;
};

/** A person known only through an integration: a customer, a contributor. */
export type ExternalUser = Dated & {
  readonly name: string;
  readonly displayName: string;
  readonly email: string | null;
  readonly lastSeen: number;
};

/** An integration that acted by itself, or on behalf of a person it names. */
export type ActorBot = {
  readonly id: string | null;
  readonly type: string;
  readonly name: string;
  readonly userDisplayName: string | null;
};

/** The author of an issue or comment: exactly one of the three is set. */
export type Author = {
  readonly user: User | null;
  readonly externalUser: ExternalUser | null;
  readonly botActor: ActorBot | null;
};

export type WorkflowState = Dated & {
  readonly team: Team;
  name: string;
  readonly type: string;
  readonly color: string;
  readonly position: number;
};

export type IssueLabel = Dated & {
  /** null: a label of the workspace. */
  readonly team: Team | null;
  name: string;
  readonly color: string;
  readonly description: string | null;
  /** A group's labels exclude each other on an issue; the group itself cannot be assigned. */
  readonly isGroup: boolean;
  readonly parent: IssueLabel | null;
};

export type Cycle = Dated & {
  readonly team: Team;
  readonly number: number;
  readonly name: string | null;
  readonly startsAt: number;
  readonly endsAt: number;
};

export type Comment = Dated &
  Author & {
    readonly issue: Issue;
    /** The comment it replies to. */
    readonly parent: Comment | null;
    body: string;
    /** null: never edited. */
    editedAt: number | null;
  };

export type Attachment = Dated & {
  readonly issue: Issue;
  readonly title: string;
  readonly subtitle: string | null;
  readonly url: string;
  readonly sourceType: string;
  readonly creator: User | null;
};

export type IssueRelation = Dated & {
  readonly type: "blocks" | "duplicate" | "related" | "similar";
  readonly issue: Issue;
  readonly relatedIssue: Issue;
};

/** Only `state.ts` changes what the indexes sort by. */
export type Issue = {
  readonly id: string;
  readonly createdAt: number;
  updatedAt: number;
  team: Team;
  number: number;
  title: string;
  description: string | null;
  state: WorkflowState;
  labels: IssueLabel[];
  assignee: User | null;
  readonly creator: User | null;
  readonly externalUserCreator: ExternalUser | null;
  readonly botActor: ActorBot | null;
  priority: number;
  estimate: number | null;
  dueDate: string | null;
  cycle: Cycle | null;
  parent: Issue | null;
  readonly children: Issue[];
  readonly relations: IssueRelation[];
  readonly inverseRelations: IssueRelation[];
  startedAt: number | null;
  completedAt: number | null;
  canceledAt: number | null;
  archivedAt: number | null;
  trashed: boolean | null;
  readonly previousIdentifiers: string[];
  /** The number of seeded comments, which are created on first access. */
  readonly seededComments: number;
  comments: Comment[] | null;
  attachments: Attachment[] | null;
};

export type IssueIndexes = {
  readonly byUpdate: SortedIndex<Issue>;
  readonly byCreation: SortedIndex<Issue>;
};

export type Team = Dated & {
  readonly key: string;
  readonly name: string;
  readonly color: string;
  readonly area: string;
  isHidden: boolean;
  readonly states: WorkflowState[];
  readonly labels: IssueLabel[];
  readonly cycles: Cycle[];
  readonly issues: IssueIndexes;
  nextNumber: number;
};

export function byUser(user: User): Author {
  return { user, externalUser: null, botActor: null };
}

export function identifierOf(issue: Issue): string {
  return `${issue.team.key}-${issue.number}`;
}
