import type { SortedIndex } from "../server/sorted-index.ts";

/** Rally's state behind the API. `oid` is the ObjectID; times are milliseconds since the epoch. */
export type Workspace = { readonly oid: number; readonly name: string };

export type User = {
  readonly oid: number;
  readonly userName: string;
  displayName: string;
  /** The workspace of the user's requests that name none. */
  readonly defaultWorkspace: Workspace;
};

export type Project = {
  readonly oid: number;
  name: string;
  readonly workspace: Workspace;
  readonly parent: Project | null;
  readonly children: Project[];
  /** Name of the seed's area. */
  readonly area: string;
  isHidden: boolean;
  readonly flowStates: FlowState[];
  readonly iterations: Iteration[];
  readonly releases: Release[];
};

export type FlowState = {
  readonly oid: number;
  name: string;
  readonly project: Project;
  readonly scheduleState: string;
  readonly orderIndex: number;
};

/** A column of a portfolio item type. */
export type PortfolioState = { readonly oid: number; name: string; readonly orderIndex: number };

export type Iteration = {
  readonly oid: number;
  readonly name: string;
  readonly project: Project;
  readonly startDate: number;
  readonly endDate: number;
};

export type Release = {
  readonly oid: number;
  readonly name: string;
  readonly project: Project;
  readonly startDate: number;
  readonly endDate: number;
};

export type Tag = { readonly oid: number; name: string; readonly workspace: Workspace };

export type Post = {
  readonly oid: number;
  readonly artifact: Artifact;
  readonly number: number;
  readonly user: User;
  /** HTML. */
  text: string;
  readonly createdAt: number;
  updatedAt: number;
  version: number;
};

/** A user's role in a project. */
export type ProjectPermission = {
  readonly oid: number;
  readonly user: User;
  readonly project: Project;
  readonly role: "Admin" | "Editor" | "Viewer";
};

/** A value of an attribute that nothing else here depends on. */
export type OwnValue = string | number | boolean | User;

export type Attachment = {
  readonly oid: number;
  readonly artifact: Artifact;
  readonly name: string;
  readonly contentType: string;
  readonly content: Uint8Array;
};

export type ArtifactKind = "story" | "defect" | "task" | "feature";

/** A work item of any type. Only `state.ts` changes what the indexes sort by. */
export type Artifact = {
  readonly oid: number;
  readonly kind: ArtifactKind;
  readonly formattedId: string;
  project: Project;
  name: string;
  /** Markdown as typed, or HTML if `isHtml`; Rally stores HTML. */
  text: string;
  isHtml: boolean;
  /** The HTML, created on first access. */
  description: string | null;
  /** Stories and defects. */
  flowState: FlowState | null;
  /** Defects and tasks. */
  state: string | null;
  /** Features. */
  portfolioState: PortfolioState | null;
  priority: string;
  resolution: string;
  tags: Tag[];
  owner: User | null;
  readonly createdBy: User;
  readonly createdAt: number;
  updatedAt: number;
  closedAt: number | null;
  estimate: number | null;
  iteration: Iteration | null;
  release: Release | null;
  parent: Artifact | null;
  readonly predecessors: Artifact[];
  readonly successors: Artifact[];
  readonly duplicates: Artifact[];
  isBlocked: boolean;
  version: number;
  /** The number of seeded posts, which are created on first access. */
  seededPosts: number;
  posts: Post[] | null;
  readonly attachments: Attachment[];
  /** Severity, notes and the workspace's own fields, by attribute. */
  readonly own: Map<string, OwnValue>;
  malformed: "missing-field" | "wrong-type" | null;
};

export type RecycleBinEntry = {
  readonly oid: number;
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly project: Project;
  readonly deletedBy: User;
  readonly deletedAt: number;
};

export type Indexes = { readonly byUpdate: SortedIndex<Artifact>; readonly byCreation: SortedIndex<Artifact> };
