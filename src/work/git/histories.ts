import type { Git } from "./git.ts";

/** A commit compared with a base. */
export type Standing = {
  /** The commits that the base lacks, and vice versa. */
  readonly ahead: number;
  readonly behind: number;
  /** Those of `ahead` that no remote has. */
  readonly unpublished: number;
};

/** Longer histories are compared one by one by git itself. */
const maxCommits = 20_000;

/**
 * Compares commits of a repository with a base, in four git processes however many there are. Returns none of them if git cannot tell, or if there are too many
 * commits in between.
 */
export async function compareHistories(
  git: Git,
  repository: string,
  base: string,
  heads: readonly string[],
): Promise<ReadonlyMap<string, Standing>> {
  const start = await git.ask(repository, ["rev-parse", "--verify", "--quiet", `${base}^{commit}`]);
  if (start === null || heads.length === 0) return new Map();
  const tips = [...new Set([start, ...heads])];
  // What lies behind this is common to all of them.
  const common = await git.ask(repository, ["merge-base", "--octopus", ...tips]);
  if (common === null) return new Map();
  const [between, own] = await Promise.all([
    readParents(git, repository, [...tips, `^${common}`], []),
    readParents(git, repository, [...heads, `^${start}`], ["--not", "--remotes"]),
  ]);
  if (between === null || own === null) return new Map();
  const ofBase = reach(between, start);
  return new Map(
    [...new Set(heads)].map((head) => {
      const reached = reach(between, head);
      const shared = [...reached].filter((commit) => ofBase.has(commit)).length;
      const standing = { ahead: reached.size - shared, behind: ofBase.size - shared };
      return [head, { ...standing, unpublished: reach(own, head).size }];
    }),
  );
}

type Parents = ReadonlyMap<string, readonly string[]>;

/** The commits of a range with their parents; null if git fails or there are too many. */
async function readParents(
  git: Git,
  repository: string,
  range: readonly string[],
  more: readonly string[],
): Promise<Parents | null> {
  const args = ["rev-list", "--parents", `--max-count=${maxCommits + 1}`, "--stdin", ...more];
  const output = await git.ask(repository, args, { input: range.map((one) => `${one}\n`).join("") });
  const lines = output?.split("\n").filter((line) => line !== "") ?? null;
  if (lines === null || lines.length > maxCommits) return null;
  return new Map(
    lines.map((line) => {
      const [commit = "", ...parents] = line.split(" ");
      return [commit, parents];
    }),
  );
}

/** A commit and its ancestors, as far as they are in the range. */
function reach(range: Parents, from: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [from];
  for (let commit = open.pop(); commit !== undefined; commit = open.pop()) {
    const parents = reached.has(commit) ? undefined : range.get(commit);
    if (parents === undefined) continue;
    reached.add(commit);
    open.push(...parents);
  }
  return reached;
}
