import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/** The code of a tracker that hosts it: a local bare repository that others push to. */
export type GitFolder = {
  /** The commit of every branch, by name. */
  branches(): ReadonlyMap<string, string>;
  /** How many commits `head` has that `base` does not. */
  ahead(base: string, head: string): number;
  /** Merges a branch into another with a merge commit, or squashes it into one new commit. Returns the new commit; null: merge conflict. */
  merge(how: "merge" | "squash", base: string, head: string, message: string): string | null;
  remove(branch: string): void;
};

const identity = {
  GIT_AUTHOR_NAME: "Emulator",
  GIT_AUTHOR_EMAIL: "emulator@example.test",
  GIT_COMMITTER_NAME: "Emulator",
  GIT_COMMITTER_EMAIL: "emulator@example.test",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
};

export function openGitFolder(folder: string): GitFolder {
  if (!existsSync(folder)) throw new Error(`There is no folder ${folder}.`);
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_")));
  const git = (...args: string[]): string =>
    execFileSync("git", ["--git-dir", folder, ...args], {
      encoding: "utf8",
      env: { ...environment, ...identity },
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  const commitOf = (branch: string) => git("rev-parse", `refs/heads/${branch}`);
  return {
    branches() {
      const lines = git("for-each-ref", "--format=%(refname:lstrip=2) %(objectname)", "refs/heads").split("\n");
      return new Map(
        lines.filter((line) => line !== "").map((line) => [line.slice(0, line.lastIndexOf(" ")), line.slice(-40)]),
      );
    },
    ahead: (base, head) => Number(git("rev-list", "--count", `refs/heads/${base}..refs/heads/${head}`)),
    merge(how, base, head, message) {
      const [onto, from] = [commitOf(base), commitOf(head)];
      const tree = writeMergedTree(git, onto, from);
      if (tree === null) return null;
      const parents = how === "merge" ? ["-p", onto, "-p", from] : ["-p", onto];
      const commit = git("commit-tree", tree, ...parents, "-m", message);
      git("update-ref", `refs/heads/${base}`, commit, onto);
      return commit;
    },
    remove: (branch) => void git("update-ref", "-d", `refs/heads/${branch}`),
  };
}

/** git reports a conflict with exit code 1. */
function writeMergedTree(git: (...args: string[]) => string, onto: string, from: string): string | null {
  try {
    return git("merge-tree", "--write-tree", onto, from).split("\n")[0] ?? null;
  } catch (error) {
    if (error instanceof Error && "status" in error && error.status === 1) return null;
    throw error;
  }
}
