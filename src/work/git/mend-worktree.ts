import { existsSync, lstatSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readOptional } from "../read-optional.ts";
import type { Git } from "./git.ts";

/** git's own folder of a worktree, as its `.git` names it; null: it names none that is there. */
export function findGitFolder(path: string): string | null {
  const file = join(path, ".git");
  if (lstatSync(file, { throwIfNoEntry: false })?.isFile() !== true) return null;
  const named = /^gitdir: (.+)$/m.exec(readFileSync(file, "utf8"))?.[1];
  const folder = named === undefined ? null : resolve(path, named);
  return folder !== null && existsSync(folder) ? folder : null;
}

/** Since when the index of a worktree is locked, in milliseconds: by a git that is at work, or one that was killed. null: it is not. */
export function lockedSince(path: string): number | null {
  const folder = findGitFolder(path);
  if (folder === null) return null;
  return statSync(join(folder, "index.lock"), { throwIfNoEntry: false })?.mtimeMs ?? null;
}

/** Whether git knows a folder and can read its index: a machine that lost its power leaves files empty. */
export async function isSound(git: Git, path: string): Promise<boolean> {
  const folder = findGitFolder(path);
  if (folder === null || !existsSync(join(folder, "index"))) return false;
  return (await git.ask(path, ["ls-files", "--", ":/.git"])) !== null;
}

/**
 * Makes what is broken in a worktree anew: a HEAD that names nothing is on `branch`, and an index that cannot be read is that of its commit, with nothing staged. Its files stay as they are.
 * Gives what was mended, for people; empty where nothing of that was broken. Throws what git says where the index is locked.
 */
export async function mendWorktree(git: Git, path: string, branch: string): Promise<readonly string[]> {
  const folder = findGitFolder(path);
  if (folder === null) return [];
  const mended: string[] = [];
  const head = join(folder, "HEAD");
  if (!/^(?:ref: refs\/\S+|[0-9a-f]{40,64})\s*$/.test(readOptional(head) ?? "")) {
    writeFileSync(head, `ref: refs/heads/${branch}\n`);
    mended.push(`Its HEAD was broken; it is on ${branch} again.`);
  }
  if ((await git.ask(path, ["rev-parse", "--git-dir"])) === null || (await isSound(git, path))) return mended;
  const index = join(folder, "index");
  if (existsSync(index)) renameSync(index, `${index}.broken`);
  await git.run(path, ["reset", "--quiet"]);
  return [...mended, "Its index was broken and was rebuilt; staged changes are now unstaged."];
}
