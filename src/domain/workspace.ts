/** `failed`: a step went wrong or was broken off; making it again goes on there. */
export const workspaceStates = ["creating", "ready", "failed", "removing"] as const;

export type WorkspaceState = (typeof workspaceStates)[number];

/** The steps of making a workspace, in order. */
export const workspaceSteps = ["fetch", "branch", "copy", "setup"] as const;

export type WorkspaceStep = (typeof workspaceSteps)[number];

/** The issue that work belongs to, as it is mirrored now; what was last known of it once it is gone. */
export type WorkIssue = {
  /** The mirror's number; null: no longer mirrored. */
  readonly issueId: number | null;
  readonly ref: string;
  readonly title: string;
  readonly tracker: string;
};

/** A pull or merge request of a workspace's branch. */
export type BranchRequest = {
  readonly url: string;
  /** As people write it: `#12`, `!12`. */
  readonly name: string;
  readonly number: number;
  readonly state: "open" | "merged" | "closed";
  /** The commit it was merged with, or its newest one. */
  readonly commit: string | null;
};

/** A git worktree and branch made for one issue. */
export type Workspace = {
  readonly id: number;
  readonly issue: WorkIssue;
  readonly project: string;
  /** The checkout that it is a worktree of. */
  readonly repository: string;
  readonly path: string;
  readonly branch: string;
  /** What the branch began from: `origin/main`, or `main` where there is no remote. */
  readonly base: string;
  /** The commit it began from; null before there is one. */
  readonly baseCommit: string | null;
  readonly state: WorkspaceState;
  /** While it is being made or when that failed: the step. */
  readonly step: WorkspaceStep | null;
  /** Why it failed, in words for people. */
  readonly problem: string | null;
  /** What should be known of how it was made: that the remote could not be reached. */
  readonly notes: readonly string[];
  readonly createdAt: number;
  readonly request: BranchRequest | null;
};
