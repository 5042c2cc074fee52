/** `failed`: a step failed or was interrupted; creating the workspace again resumes there. */
export const workspaceStates = ["creating", "ready", "failed", "removing"] as const;

export type WorkspaceState = (typeof workspaceStates)[number];

/** The steps of creating a workspace, in order. */
export const workspaceSteps = ["fetch", "branch", "copy", "setup"] as const;

export type WorkspaceStep = (typeof workspaceSteps)[number];

/** The issue that work belongs to, as mirrored now, or as last known once it is gone. */
export type WorkIssue = {
  /** Its id in the mirror; null: no longer mirrored. */
  readonly issueId: number | null;
  readonly ref: string;
  readonly title: string;
  readonly tracker: string;
};

/** A pull or merge request of a workspace's branch. */
export type BranchRequest = {
  readonly url: string;
  /** Its short name: `#12`, `!12`. */
  readonly name: string;
  readonly number: number;
  readonly state: "open" | "merged" | "closed";
  /** Its head commit; once merged, the head that was merged. */
  readonly commit: string | null;
};

/** A git worktree and branch made for one issue. */
export type Workspace = {
  readonly id: number;
  readonly issue: WorkIssue;
  readonly project: string;
  /** The checkout that this is a worktree of. */
  readonly repository: string;
  readonly path: string;
  readonly branch: string;
  /** The branch's starting point: `origin/main`, or `main` without a remote. */
  readonly base: string;
  /** The starting commit; null until it is known. */
  readonly baseCommit: string | null;
  readonly state: WorkspaceState;
  /** The current or failed step while it is `creating` or `failed`. */
  readonly step: WorkspaceStep | null;
  /** Why it failed, in words for people. */
  readonly problem: string | null;
  /** Notes on how it was created, such as an unreachable remote. */
  readonly notes: readonly string[];
  readonly createdAt: number;
  readonly request: BranchRequest | null;
};
