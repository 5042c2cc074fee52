import { existsSync, lstatSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readOptional } from "../read-optional.ts";
import type { Git } from "./git.ts";

/** git's own folder of a worktree, as named by its `.git`; null if it names no existing one. */
export function findGitFolder(path: string): string | null {
  const file = join(path, ".git");
  if (lstatSync(file, { throwIfNoEntry: false })?.isFile() !== true) return null;
  const named = /^gitdir: (.+)$/m.exec(readFileSync(file, "utf8"))?.[1];
  const folder = named === undefined ? null : resolve(path, named);
  return folder !== null && existsSync(folder) ? folder : null;
}

/** Since when a worktree's index is locked, in milliseconds, by a running or killed git; null if it is not. */
export function lockedSince(path: string): number | null {
  const folder = findGitFolder(path);
  if (folder === null) return null;
  return statSync(join(folder, "index.lock"), { throwIfNoEntry: false })?.mtimeMs ?? null;
}

/** Whether git knows a folder and can read its index: a power loss leaves empty files. */
export async function isSound(git: Git, path: string): Promise<boolean> {
  const folder = findGitFolder(path);
  if (folder === null || !existsSync(join(folder, "index"))) return false;
  return (await git.ask(path, ["ls-files", "--", ":/.git"])) !== null;
}

/**
 * Repairs a broken worktree: an invalid HEAD is set to `branch`, and an unreadable index is rebuilt from its commit, with nothing staged. The files stay
 * unchanged. Returns what was repaired, for users; empty if nothing was broken. Throws git's error if the index is locked.
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
