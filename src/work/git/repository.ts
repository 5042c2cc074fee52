import { statSync } from "node:fs";
import { join } from "node:path";
import { PanopticonError } from "../../domain/error.ts";
import { readFailure } from "../../domain/file-error.ts";
import { findGit } from "./find-git.ts";
import type { Git } from "./git.ts";
import { readRefs } from "./refs.ts";
import { readOptional } from "../read-optional.ts";

/** A checkout that workspaces are created from. */
export type Repository = {
  readonly path: string;
  /** The folder shared by all its worktrees. */
  readonly commonDir: string;
  /** The remote that work starts from; null if there is none. */
  readonly remote: string | null;
};

/** A repository as last opened, and the configuration that contained its remotes. */
type Opened = { readonly repository: Repository; readonly configuration: string };

/** By path. Also means that git was checked to be new enough, which does not change while a process runs, or only for the better. */
const opened = new WeakMap<Git, Map<string, Opened>>();

async function openedWith(git: Git): Promise<Map<string, Opened>> {
  const known = opened.get(git);
  if (known !== undefined) return known;
  await findGit(git);
  const fresh = new Map<string, Opened>();
  opened.set(git, fresh);
  return fresh;
}

/** The repository's own configuration on disk; null if it is gone. */
function readConfiguration({ commonDir }: Repository): string | null {
  return readOptional(join(commonDir, "config"));
}

/** Opens a project's checkout. Throws `not_found` or `unsupported` if git is missing or too old, `invalid_input` with what to do if it is not a checkout. */
export async function openRepository(git: Git, path: string): Promise<Repository> {
  const known = await openedWith(git);
  checkFolder(path);
  const before = known.get(path);
  if (before !== undefined && readConfiguration(before.repository) === before.configuration) return before.repository;
  const [commonDir, listed] = await Promise.all([
    git.ask(path, ["rev-parse", "--path-format=absolute", "--git-common-dir"]),
    git.ask(path, ["remote"]),
  ]);
  if (commonDir === null) {
    throw new PanopticonError("invalid_input", `${path} is not a git repository.`, {
      hint: "Workspaces are created from a project's checkout: set path: in projects.yaml to one. If it is one, git must trust its owner (run git status in it to see).",
    });
  }
  const remotes = (listed ?? "").split("\n").filter((name) => name !== "");
  const repository = { path, commonDir, remote: remotes.includes("origin") ? "origin" : (remotes[0] ?? null) };
  const configuration = readConfiguration(repository);
  if (configuration !== null) known.set(path, { repository, configuration });
  return repository;
}

function checkFolder(path: string): void {
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  } catch (cause) {
    throw new PanopticonError("invalid_input", `The project's folder ${path} cannot be used: ${readFailure(cause)}.`, {
      hint: "Make it readable for yourself, or correct path: in projects.yaml.",
      cause,
    });
  }
  throw new PanopticonError("invalid_input", `The project's folder ${path} does not exist.`, {
    hint: "Correct path: in projects.yaml, or clone the repository there.",
  });
}

/** What new work starts from. */
export type Start = {
  /** `origin/main`, or `main` without a remote. */
  readonly base: string;
  readonly commit: string;
  readonly notes: readonly string[];
  /** The commit of the work branch, if it exists in the repository, and of the branch of the same name on the remote. */
  readonly local: string | null;
  readonly published: string | null;
};

export type StartFor = {
  readonly defaultBranch: string;
  /** The work branch. */
  readonly branch: string;
  readonly onOutput: (chunk: Buffer) => void;
  readonly signal?: AbortSignal | undefined;
};

const fetchTimeoutMs = 30_000;

/**
 * The freshly fetched default branch; offline, its last known state, with a note that says so. Throws `invalid_input` if there is no such branch or no commit,
 * and the signal's reason.
 */
export async function findStart(
  git: Git,
  repository: Repository,
  { defaultBranch, branch: work, onOutput, signal }: StartFor,
): Promise<Start> {
  const { path, remote } = repository;
  const notes: string[] = [];
  const options = { timeoutMs: fetchTimeoutMs, onOutput, signal };
  let branch = defaultBranch;
  if (remote !== null) {
    const fetch = (name: string) =>
      git.run(
        path,
        // Garbage collection is left to the user's own fetch, so that an agent does not wait for it.
        ["fetch", "--no-tags", "--no-auto-gc", remote, `+refs/heads/${name}:refs/remotes/${remote}/${name}`],
        options,
      );
    try {
      await fetch(branch);
    } catch (error) {
      signal?.throwIfAborted();
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
  const local = (name: string) => `refs/heads/${name}`;
  const far = (name: string) => (remote === null ? [] : [`refs/remotes/${remote}/${name}`]);
  const refs = await readRefs(git, path, [local(branch), ...far(branch), local(work), ...far(work)]);
  const commitOf = (names: readonly string[]) => names.map((name) => refs.get(name)).find((one) => one !== undefined);
  const commit = commitOf([...far(branch), local(branch)]);
  if (commit !== undefined) {
    const isFar = commitOf(far(branch)) !== undefined;
    return {
      base: isFar ? `${remote}/${branch}` : branch,
      commit,
      notes,
      local: commitOf([local(work)]) ?? null,
      published: commitOf(far(work)) ?? null,
    };
  }
  throw new PanopticonError("invalid_input", `${path} has no branch ${branch} with a commit in it.`, {
    hint: "Set default_branch: in projects.yaml to the branch that work starts from.",
  });
}

/** A remote's default branch. */
async function remoteHead(git: Git, { path, remote }: Repository, signal?: AbortSignal): Promise<string | null> {
  if (remote === null) return null;
  const answer = await git.ask(path, ["ls-remote", "--symref", remote, "HEAD"], { timeoutMs: fetchTimeoutMs, signal });
  return /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(answer ?? "")?.[1] ?? null;
}
