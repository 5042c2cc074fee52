import { copyFileSync, existsSync, lstatSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PanopticonError } from "../../domain/error.ts";
import type { Workspace } from "../../domain/workspace.ts";
import type { Git } from "../git/git.ts";
import { isCopy } from "../workspaces/copy-files.ts";
import type { ChangedCommit, ChangedFile, PatchOmission, WorkspaceChanges } from "../../domain/workspace-changes.ts";
import { type DiffEntry, parseDiff, splitPatch } from "./parse-diff.ts";

/** How much of the diff to return. */
export type ChangesLimits = {
  readonly files: number;
  readonly commits: number;
  /** Changed lines, and bytes, of one file. */
  readonly lines: number;
  readonly fileBytes: number;
  /** All patches together. */
  readonly bytes: number;
};

export const changesLimits: ChangesLimits = {
  files: 1_000,
  commits: 100,
  lines: 4_000,
  fileBytes: 512 * 1024,
  bytes: 2 * 1024 * 1024,
};

const timeoutMs = 30_000;
/** Overrides the user's configuration, whose output a program cannot parse. */
const plain = ["--no-color", "--no-ext-diff", "--no-textconv", "-M", "--ignore-submodules=dirty"];

export type ReadChangesFor = {
  readonly workspace: Workspace;
  /** Whether files copied from the checkout are left out. */
  readonly copies: boolean;
  /** Only this file, whatever its size up to the total limit. */
  readonly file?: string | undefined;
  readonly limits?: ChangesLimits;
};

/**
 * What a workspace changes compared to its branch's base: its commits and the files in its folder, including new ones. Changes nothing in git: new files are
 * examined through a temporary index. Throws `conflict` if the folder or the base is gone.
 */
export async function readChanges(git: Git, request: ReadChangesFor): Promise<WorkspaceChanges> {
  const { workspace, copies, limits = changesLimits } = request;
  const { path } = workspace;
  const { head, baseCommit } = await findEnds(git, workspace);
  const index = mkdtempSync(join(tmpdir(), "panopticon-index-"));
  try {
    const env = { GIT_INDEX_FILE: join(index, "index"), GIT_LITERAL_PATHSPECS: "1" };
    const own = await git.ask(path, ["rev-parse", "--path-format=absolute", "--git-path", "index"]);
    const options = { env, timeoutMs };
    const others = ["ls-files", "--others", "--exclude-standard", "-z"];
    let output: string | null = null;
    if (own !== null && existsSync(own)) {
      copyFileSync(own, env.GIT_INDEX_FILE);
      output = await git.ask(path, others, options);
    }
    if (output === null) {
      // A missing or broken index lists nothing, but the changes are still found.
      rmSync(env.GIT_INDEX_FILE, { force: true });
      await git.run(path, ["read-tree", head], options);
      output = await git.run(path, others, options);
    }
    const untracked = new Set(names(output));
    await git.run(path, ["add", "--intent-to-add", "--", "."], options);
    const diff = (...args: string[]) =>
      git.run(path, ["-c", "core.quotePath=false", "diff", ...plain, ...args], options);
    const [all, committed, uncommitted] = [
      parseDiff(await diff("--raw", "--numstat", "-z", "--no-abbrev", baseCommit, "--")),
      new Set(parseDiff(await diff("--raw", "-z", "--no-abbrev", baseCommit, head, "--")).map((one) => one.path)),
      new Set(parseDiff(await diff("--raw", "-z", "--no-abbrev", head, "--")).map((one) => one.path)),
    ];
    const isOwn = (entry: DiffEntry) =>
      !(copies && untracked.has(entry.path) && isCopy(entry.path, { from: workspace.repository, to: path }));
    const entries = all.filter(isOwn);
    const asked = request.file === undefined ? entries : entries.filter((entry) => entry.path === request.file);
    const listed = asked.slice(0, limits.files);
    const alone = request.file === undefined ? limits : { ...limits, lines: Infinity, fileBytes: limits.bytes };
    const patches = await readPatches({ git, path, baseCommit, env, limits: alone }, listed);
    const files = listed.map((entry): ChangedFile => {
      const given = patches.get(entry.path) ?? { patch: null, omitted: "no_room" };
      return {
        ...entry,
        committed: committed.has(entry.path),
        uncommitted: uncommitted.has(entry.path),
        untracked: untracked.has(entry.path),
        ...given,
      };
    });
    const sum = (pick: (entry: DiffEntry) => number | null) =>
      entries.reduce((total, one) => total + (pick(one) ?? 0), 0);
    const count = Number(await git.run(path, ["rev-list", "--count", `${baseCommit}..${head}`]));
    return {
      base: workspace.base,
      baseCommit,
      head,
      commits: await readCommits(git, path, `${baseCommit}..${head}`, limits.commits),
      files,
      totals: {
        commits: count,
        files: entries.length,
        additions: sum((entry) => entry.additions),
        deletions: sum((entry) => entry.deletions),
        withoutPatch: asked.length - files.filter(({ patch }) => patch !== null).length,
      },
      request: workspace.request,
    };
  } finally {
    rmSync(index, { recursive: true, force: true });
  }
}

/** The branch's newest commit, and the one where it left its base. */
async function findEnds(git: Git, workspace: Workspace) {
  const { path, base } = workspace;
  const { ref } = workspace.issue;
  const present = existsSync(join(path, ".git"));
  const head = present ? await git.ask(path, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]) : null;
  if (head === null) {
    const words = present
      ? `In the workspace of ${ref} no commit is checked out.`
      : `The folder of ${ref}'s workspace is gone.`;
    throw new PanopticonError("conflict", words, { hint: `Create it again: pan workspace create ${ref}.` });
  }
  const baseCommit = (await git.ask(path, ["merge-base", base, head])) ?? workspace.baseCommit;
  if (baseCommit === null) {
    throw new PanopticonError("conflict", `${base}, which the branch began from, is no longer in the repository.`, {
      hint: `Fetch it again in ${path}.`,
    });
  }
  return { head, baseCommit };
}

type PatchParts = {
  readonly git: Git;
  readonly path: string;
  readonly baseCommit: string;
  readonly env: Readonly<Record<string, string>>;
  readonly limits: ChangesLimits;
};

type Patch = { readonly patch: string | null; readonly omitted: PatchOmission | null };

/** The patches of as many files as fit, in order. */
async function readPatches(parts: PatchParts, entries: readonly DiffEntry[]): Promise<ReadonlyMap<string, Patch>> {
  const { git, path, baseCommit, env, limits } = parts;
  const patches = new Map<string, Patch>();
  const wanted: DiffEntry[] = [];
  for (const entry of entries) {
    const omitted = omissionOf(parts, entry);
    if (omitted === null) wanted.push(entry);
    else patches.set(entry.path, { patch: null, omitted });
  }
  if (wanted.length === 0) return patches;
  const full = new AbortController();
  const chunks: Buffer[] = [];
  let bytes = 0;
  const onOutput = (chunk: Buffer) => {
    if (bytes > limits.bytes) return;
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > limits.bytes) full.abort();
  };
  const paths = wanted.flatMap((entry) => (entry.from === null ? [entry.path] : [entry.from, entry.path]));
  const args = ["diff", ...plain, "--src-prefix=a/", "--dst-prefix=b/", "--patch", baseCommit, "--", ...paths];
  await git.ask(path, ["-c", "core.quotePath=false", ...args], { env, timeoutMs, onOutput, signal: full.signal });
  const sections = [...splitPatch(Buffer.concat(chunks).toString("utf8"))];
  // The last one was cut off when the space was used up.
  if (full.signal.aborted) sections.pop();
  for (const entry of wanted) {
    // A file that became a link is one deletion and one addition.
    const patch = sections.splice(0, entry.status === "retyped" ? 2 : 1).join("");
    patches.set(entry.path, patch === "" ? { patch: null, omitted: "no_room" } : { patch, omitted: null });
  }
  return patches;
}

function omissionOf({ path, limits }: PatchParts, entry: DiffEntry): PatchOmission | null {
  if (entry.status === "conflicted") return "conflicted";
  if (entry.additions === null) return "binary";
  const size = lstatSync(join(path, entry.path), { throwIfNoEntry: false })?.size ?? 0;
  const lines = entry.additions + (entry.deletions ?? 0);
  return lines > limits.lines || size > limits.fileBytes ? "too_large" : null;
}

async function readCommits(git: Git, path: string, range: string, most: number): Promise<readonly ChangedCommit[]> {
  const output = await git.run(path, [
    "log",
    `--max-count=${most}`,
    "-z",
    "--format=%H%x1f%ct%x1f%an%x1f%s",
    range,
    "--",
  ]);
  return output
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => {
      const [hash = "", at, author = "", title = ""] = line.split("\u001F");
      return { hash, at: Number(at) * 1_000, author, title };
    });
}

function names(output: string): readonly string[] {
  return output.split("\0").filter((name) => name !== "");
}
