import type { BranchRequest } from "./workspace.ts";

/** What git calls a change of a file. */
export const fileStatuses = ["added", "modified", "deleted", "renamed", "copied", "retyped", "conflicted"] as const;

export type FileStatus = (typeof fileStatuses)[number];

/** Why a file's patch is not among them. */
export type PatchOmission = "binary" | "too_large" | "no_room" | "conflicted";

/** A file as it differs from what the branch began from. */
export type ChangedFile = {
  readonly path: string;
  /** Where it was renamed or copied from. */
  readonly from: string | null;
  readonly status: FileStatus;
  /** Lines; null: binary. */
  readonly additions: number | null;
  readonly deletions: number | null;
  /** Whether it differs in the branch's commits, and whether the folder has more than is committed. */
  readonly committed: boolean;
  readonly uncommitted: boolean;
  readonly untracked: boolean;
  /** Unified, from `diff --git` on. */
  readonly patch: string | null;
  readonly omitted: PatchOmission | null;
};

export type ChangedCommit = {
  readonly hash: string;
  readonly title: string;
  readonly author: string;
  readonly at: number;
};

/** All that a workspace changes, in its commits and in its folder. Every count is the true one, whatever is left out of the lists. */
export type WorkspaceChanges = {
  readonly base: string;
  /** The commit that the differences are against. */
  readonly baseCommit: string;
  readonly head: string;
  readonly commits: readonly ChangedCommit[];
  readonly files: readonly ChangedFile[];
  readonly totals: {
    readonly commits: number;
    readonly files: number;
    readonly additions: number;
    readonly deletions: number;
    /** Files without their patch, listed or not. */
    readonly withoutPatch: number;
  };
  readonly request: BranchRequest | null;
};
