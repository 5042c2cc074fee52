import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Git } from "./git.ts";

/** A worktree as git lists it. */
export type Worktree = {
  readonly path: string;
  /** Without `refs/heads/`; null if its HEAD is detached. */
  readonly branch: string | null;
  /** Its checked-out commit; null if there is none. */
  readonly head: string | null;
  /** Whether its folder is gone. */
  readonly prunable: boolean;
  /** The reason of a lock, which may be empty; null if it is not locked. */
  readonly locked: string | null;
};

/** git's lock reason while it adds a worktree; found later, it means that adding was interrupted. */
const beingAdded = "initializing";

/** Writing or deleting many files takes long. */
const filesTimeoutMs = 600_000;

/** Whether git was interrupted while it added a worktree, so that files are missing or incomplete. Not meaningful while it is still adding. */
export function isHalfAdded({ locked }: Worktree): boolean {
  return locked === beingAdded;
}

/** Adds a worktree; `args` name the branch. If the signal aborts, the worktree is removed again. */
export async function addWorktree(
  git: Git,
  repository: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  await git.run(repository, ["worktree", "add", ...args], { timeoutMs: filesTimeoutMs, signal });
}

/** Completes a partly added worktree: restores all committed files; untracked files stay. */
export async function finishAdding(git: Git, repository: string, path: string, signal: AbortSignal): Promise<void> {
  const lock = await git.run(path, ["rev-parse", "--path-format=absolute", "--git-path", "index.lock"]);
  rmSync(lock, { force: true });
  await git.run(path, ["reset", "--hard", "--quiet"], { timeoutMs: filesTimeoutMs, signal });
  await git.run(repository, ["worktree", "unlock", path]);
}

/** Removes a worktree with everything in it, locked or not. */
export async function removeWorktree(git: Git, repository: string, path: string): Promise<void> {
  await git.run(repository, ["worktree", "remove", "--force", "--force", "--", path], { timeoutMs: filesTimeoutMs });
}

/** All worktrees of a repository, its own first. */
export async function listWorktrees(git: Git, repository: string): Promise<readonly Worktree[]> {
  const output = await git.run(repository, ["worktree", "list", "--porcelain", "-z"]);
  return output
    .split("\0\0")
    .map((block) => block.split("\0").filter((line) => line !== ""))
    .filter((lines) => lines.length > 0)
    .map((lines) => {
      const value = (name: string) => lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
      return {
        path: value("worktree") ?? "",
        // Before the first commit, and if git cannot read it, it is all zeros.
        head: value("HEAD")?.replace(/^0+$/, "") || null,
        branch: value("branch")?.replace(/^refs\/heads\//, "") ?? null,
        locked: value("locked") ?? (lines.includes("locked") ? "" : null),
        prunable: lines.some((line) => line === "prunable" || line.startsWith("prunable ")),
      };
    });
}

/**
 * Registers a folder again that lost its place in the repository (`git worktree prune` while it had been moved away) as a worktree of its branch. Its files
 * stay unchanged.
 */
export async function readopt(git: Git, repository: string, path: string, branch: string): Promise<void> {
  const beside = mkdtempSync(join(dirname(path), ".readopt-"));
  try {
    const helper = join(beside, "tree");
    await git.run(repository, ["worktree", "add", "--no-checkout", "--", helper, branch]);
    copyFileSync(join(helper, ".git"), join(path, ".git"));
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
  await git.run(path, ["worktree", "repair", "--", path]);
  // What was staged is lost; the changes are not.
  await git.run(path, ["reset", "--quiet"]);
}

/** Whether a folder is a valid worktree. */
export async function isWorktree(git: Git, path: string): Promise<boolean> {
  if (!existsSync(join(path, ".git"))) return false;
  return (await git.ask(path, ["rev-parse", "--git-dir"])) !== null;
}
