import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Git } from "./git.ts";

/** A worktree as git knows it. */
export type Worktree = {
  readonly path: string;
  /** Without `refs/heads/`; null where its HEAD is detached. */
  readonly branch: string | null;
  /** Its folder is gone. */
  readonly prunable: boolean;
  /** Why somebody locked it, which may be nothing; null: it is not locked. */
  readonly locked: string | null;
};

/** Why git locks a worktree while it adds it: who finds that later finds one whose adding was cut off. */
const beingAdded = "initializing";

/** Files are written, or deleted, for as long as there are many. */
const filesTimeoutMs = 600_000;

/** Whether git was cut off while it added a worktree: files are missing, or cut off too. Meaningless while it is at it. */
export function isHalfAdded({ locked }: Worktree): boolean {
  return locked === beingAdded;
}

/** Adds a worktree: `args` say on what branch. It goes again where the signal ends it. */
export async function addWorktree(
  git: Git,
  repository: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  await git.run(repository, ["worktree", "add", ...args], { timeoutMs: filesTimeoutMs, signal });
}

/** Goes on with a worktree that was half added: what is committed is there afterwards; files that git does not know stay. */
export async function finishAdding(git: Git, repository: string, path: string, signal: AbortSignal): Promise<void> {
  const lock = await git.run(path, ["rev-parse", "--path-format=absolute", "--git-path", "index.lock"]);
  rmSync(lock, { force: true });
  await git.run(path, ["reset", "--hard", "--quiet"], { timeoutMs: filesTimeoutMs, signal });
  await git.run(repository, ["worktree", "unlock", path]);
}

/** Removes a worktree with all that is in it, locked or not. */
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
        branch: value("branch")?.replace(/^refs\/heads\//, "") ?? null,
        locked: value("locked") ?? (lines.includes("locked") ? "" : null),
        prunable: lines.some((line) => line === "prunable" || line.startsWith("prunable ")),
      };
    });
}

/**
 * Makes a folder that lost its place in the repository (`git worktree prune` after it had been moved away for a while) a worktree of its branch again. Its files
 * stay as they are.
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
  // What is staged is not known any more; what changed is.
  await git.run(path, ["reset", "--quiet"]);
}

/** Whether a folder is a worktree that git accepts. */
export async function isWorktree(git: Git, path: string): Promise<boolean> {
  if (!existsSync(join(path, ".git"))) return false;
  return (await git.ask(path, ["rev-parse", "--git-dir"])) !== null;
}
