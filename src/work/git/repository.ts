import { statSync } from "node:fs";
import { PanopticonError } from "../../domain/error.ts";
import { findGit } from "./find-git.ts";
import type { Git } from "./git.ts";

/** A checkout that workspaces are made from. */
export type Repository = {
  readonly path: string;
  /** The folder that all its worktrees share. */
  readonly commonDir: string;
  /** The remote that work starts from; null: there is none. */
  readonly remote: string | null;
};

/** Versions do not change while a process runs, or not to the worse. */
const checked = new WeakSet<Git>();

async function checkGit(git: Git): Promise<void> {
  if (checked.has(git)) return;
  await findGit(git);
  checked.add(git);
}

/** Opens a project's checkout. Throws `not_found` or `unsupported` where git is missing or too old, `invalid_input` with what to do where it is not one. */
export async function openRepository(git: Git, path: string): Promise<Repository> {
  await checkGit(git);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new PanopticonError("invalid_input", `The project's folder ${path} is not there.`, {
      hint: "Correct path: in projects.yaml, or clone the repository there.",
    });
  }
  const [commonDir, listed] = await Promise.all([
    git.ask(path, ["rev-parse", "--path-format=absolute", "--git-common-dir"]),
    git.ask(path, ["remote"]),
  ]);
  if (commonDir === null) {
    throw new PanopticonError("invalid_input", `${path} is not a git repository.`, {
      hint: "Workspaces are made from a project's checkout: set path: in projects.yaml to one. If it is one, git must trust its owner (git status in it says so).",
    });
  }
  const remotes = (listed ?? "").split("\n").filter((name) => name !== "");
  return { path, commonDir, remote: remotes.includes("origin") ? "origin" : (remotes[0] ?? null) };
}

/** What new work begins from. */
export type Start = {
  /** `origin/main`, or `main` where there is no remote. */
  readonly base: string;
  readonly commit: string;
  readonly notes: readonly string[];
};

const fetchTimeoutMs = 30_000;

/**
 * The default branch, freshly fetched; offline, what is known of it, and a note that says so. Throws `invalid_input` where there is no such branch or no commit.
 */
export async function findStart(
  git: Git,
  repository: Repository,
  defaultBranch: string,
  onOutput: (chunk: Buffer) => void,
  signal?: AbortSignal,
): Promise<Start> {
  const { path, remote } = repository;
  const notes: string[] = [];
  const options = { timeoutMs: fetchTimeoutMs, onOutput, signal };
  let branch = defaultBranch;
  if (remote !== null) {
    const fetch = (name: string) =>
      git.run(path, ["fetch", "--no-tags", remote, `+refs/heads/${name}:refs/remotes/${remote}/${name}`], options);
    try {
      await fetch(branch);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      const other = /couldn't find remote ref/.test(words) ? await remoteHead(git, repository, signal) : null;
      if (other !== null && other !== branch) {
        notes.push(`${remote} has no branch ${branch}; its default branch is ${other}.`);
        branch = other;
        await fetch(branch);
      } else {
        notes.push(`${remote} could not be asked, so this begins from what was fetched last (${words})`);
      }
    }
  }
  const names = [...(remote === null ? [] : [`${remote}/${branch}`]), branch];
  for (const base of names) {
    const full = remote !== null && base.startsWith(`${remote}/`) ? `refs/remotes/${base}` : `refs/heads/${base}`;
    const commit = await git.ask(path, ["rev-parse", "--verify", "--quiet", `${full}^{commit}`]);
    if (commit === null) continue;
    return { base, commit, notes };
  }
  throw new PanopticonError("invalid_input", `${path} has no branch ${branch} with a commit in it.`, {
    hint: "Set default_branch: in projects.yaml to the branch that work begins from.",
  });
}

/** The branch that a remote calls its default. */
async function remoteHead(git: Git, { path, remote }: Repository, signal?: AbortSignal): Promise<string | null> {
  if (remote === null) return null;
  const answer = await git.ask(path, ["ls-remote", "--symref", remote, "HEAD"], { timeoutMs: fetchTimeoutMs, signal });
  return /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(answer ?? "")?.[1] ?? null;
}
