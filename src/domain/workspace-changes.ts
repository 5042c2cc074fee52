import type { BranchRequest } from "./workspace.ts";

/** Git's kinds of file changes. */
export const fileStatuses = ["added", "modified", "deleted", "renamed", "copied", "retyped", "conflicted"] as const;

export type FileStatus = (typeof fileStatuses)[number];

/** Why a file's patch is omitted. */
export type PatchOmission = "binary" | "too_large" | "no_room" | "conflicted";

/** A file's differences from the branch's base. */
export type ChangedFile = {
  readonly path: string;
  /** Where it was renamed or copied from. */
  readonly from: string | null;
  readonly status: FileStatus;
  /** Line counts; null for a binary file. */
  readonly additions: number | null;
  readonly deletions: number | null;
  /** Whether it differs in the branch's commits, and whether the folder has uncommitted changes to it. */
  readonly committed: boolean;
  readonly uncommitted: boolean;
  readonly untracked: boolean;
  /** Unified diff, starting with `diff --git`. */
  readonly patch: string | null;
  readonly omitted: PatchOmission | null;
};

export type ChangedCommit = {
  readonly hash: string;
  readonly title: string;
  readonly author: string;
  readonly at: number;
};

/** Everything a workspace changes, in its commits and in its folder. Counts are complete even if the lists are shortened. */
export type WorkspaceChanges = {
  readonly base: string;
  /** The commit that the differences are computed against. */
  readonly baseCommit: string;
  readonly head: string;
  readonly commits: readonly ChangedCommit[];
  readonly files: readonly ChangedFile[];
  readonly totals: {
    readonly commits: number;
    readonly files: number;
    readonly additions: number;
    readonly deletions: number;
    /** Number of files without a patch, listed or not. */
    readonly withoutPatch: number;
  };
  readonly request: BranchRequest | null;
};
