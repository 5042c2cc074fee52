import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PanopticonError, toPanopticonError } from "../../domain/error.ts";
import type { WorkspacePatch } from "../../domain/work-records.ts";
import type { Workspace, WorkspaceStep } from "../../domain/workspace.ts";
import { findStart, openRepository, type Repository, type Start } from "../git/repository.ts";
import { isSound, mendWorktree } from "../git/mend-worktree.ts";
import { listBranches } from "../git/refs.ts";
import {
  addWorktree,
  finishAdding,
  isHalfAdded,
  isWorktree,
  listWorktrees,
  readopt,
  type Worktree,
} from "../git/worktrees.ts";
import type { WorkParts, WorkProject } from "../work-parts.ts";
import { besideOthers, branchName } from "./branch-name.ts";
import { copyFiles } from "./copy-files.ts";
import { checkPlace, placeOf } from "./place.ts";
import { runCommands } from "./run-commands.ts";
import { stepLog } from "./step-log.ts";
import { workspaceEnvironment } from "./workspace-environment.ts";

export type NewWorkspaceFor = { readonly issueId: number; readonly ref: string; readonly title: string };

/** The folder of all workspaces of a project. */
export function rootOf({ home }: Pick<WorkParts, "home">, project: WorkProject): string {
  return project.work.workspace.root ?? join(home, "workspaces");
}

/** Records that a workspace is to be created, before anything is created. */
export async function planWorkspace(
  parts: WorkParts,
  project: WorkProject,
  issue: NewWorkspaceFor,
): Promise<Workspace> {
  const { records, git, clock } = parts;
  if (project.path === null) {
    throw new PanopticonError("unsupported", `The project ${project.id} has no checkout to create a workspace from.`, {
      hint: `Set path: of ${project.id} in projects.yaml to the git checkout on this machine.`,
    });
  }
  const repository = await openRepository(git, project.path);
  const template = project.work.workspace.branch;
  const place = placeOf(rootOf(parts, project), project.id, issue.ref);
  const [wanted, branches, trees, others] = await Promise.all([
    branchName(git, project.path, template, { ...issue, project: project.id }),
    listBranches(git, project.path),
    listWorktrees(git, project.path),
    records.workspaces.list(),
  ]);
  const branch = besideOthers(branches, wanted);
  const path = freePlace(place, trees, others);
  const { id, change } = await records.workspaces.add({
    issueId: issue.issueId,
    project: project.id,
    repository: repository.path,
    path,
    branch,
    base: repository.remote === null ? project.defaultBranch : `${repository.remote}/${project.defaultBranch}`,
    baseCommit: null,
    state: "creating",
    step: "fetch",
    problem: null,
    notes: [],
    at: clock.now(),
  });
  parts.changed(change);
  return getWorkspace(parts, id);
}

export async function getWorkspace({ records }: Pick<WorkParts, "records">, id: number): Promise<Workspace> {
  const workspace = await records.workspaces.find(id);
  if (workspace !== null) return workspace;
  throw new PanopticonError("not_found", "Workspace not found.", {
    hint: "List the workspaces with pan workspace list.",
  });
}

/** The folder, or the next free one: existing files of others stay. */
function freePlace(wanted: string, trees: readonly Worktree[], others: readonly Workspace[]): string {
  const taken = new Set([
    ...others.map(({ path }) => path),
    ...trees.filter(({ prunable }) => !prunable).map(({ path }) => path),
  ]);
  const isFree = (path: string) => !taken.has(path) && (!existsSync(path) || readdirSync(path).length === 0);
  for (let number = 1; number < 100; number += 1) {
    const path = number === 1 ? wanted : `${wanted}-${number}`;
    if (isFree(path)) return path;
  }
  throw new PanopticonError("conflict", `${wanted} and the names after it are taken.`, {
    hint: "Remove what is there, or set a different workspace: { root: … } in projects.yaml.",
  });
}

/**
 * Creates a workspace, or continues an interrupted creation. Each step is on disk before it starts. A failed step leaves the workspace `failed` with the
 * reason, to be continued or removed; so does an aborted signal, with its reason.
 */
export async function makeWorkspace(
  parts: WorkParts,
  project: WorkProject,
  workspaceId: number,
  signal: AbortSignal,
  /** Serializes steps that write into the repository. */
  alone: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<Workspace> {
  let workspace = await getWorkspace(parts, workspaceId);
  const log = stepLog(parts.home, workspaceId);
  const say = (text: string) => log.write(`${text}\n`);
  const tell = ({ issue, state, step }: Workspace) =>
    parts.emit({ type: "workspace", id: workspaceId, ref: issue.ref, state, step });
  const update = async (patch: WorkspacePatch) => {
    parts.changed(await parts.records.workspaces.update(workspaceId, patch));
    workspace = await getWorkspace(parts, workspaceId);
    tell(workspace);
  };
  const begin = (step: WorkspaceStep, also: WorkspacePatch = {}) => {
    signal.throwIfAborted();
    return update({ ...also, state: "creating", step, problem: null });
  };
  let noted: WorkspacePatch = {};
  try {
    const repository = await openRepository(parts.git, workspace.repository);
    // An existing workspace is not moved to another base.
    if (!(await stands(parts, workspace))) {
      checkPlace(rootOf(parts, project), workspace.path);
      if (workspace.state === "creating" && workspace.step === "fetch") tell(workspace);
      else await begin("fetch");
      const { branch } = workspace;
      const onOutput = (chunk: Buffer) => log.write(chunk);
      noted = await alone(async () => {
        signal.throwIfAborted();
        const [start, trees] = await Promise.all([
          findStart(parts.git, repository, { defaultBranch: project.defaultBranch, branch, onOutput, signal }),
          listWorktrees(parts.git, repository.path),
        ]);
        for (const note of start.notes) say(note);
        await begin("branch", { base: start.base, baseCommit: start.commit, notes: start.notes });
        const added = await placeWorktree(parts, { repository, workspace, start, trees, say, signal });
        return { notes: [...start.notes, ...added] };
      });
    }
    keepOutOfGit(repository);
    const { copy, setup, timeoutMs } = project.work.workspace;
    if (copy.length > 0) {
      await begin("copy", noted);
      copyFiles(copy, { from: workspace.repository, to: workspace.path, log });
    }
    if (setup.length > 0) {
      await begin("setup", noted);
      const env = workspaceEnvironment(parts, workspace);
      await runCommands(setup, { cwd: workspace.path, env, timeoutMs, log, signal });
    }
    signal.throwIfAborted();
    checkStillThere(workspace);
    await update({ ...noted, state: "ready", step: null, problem: null });
    return workspace;
  } catch (error) {
    const problem = toPanopticonError(signal.aborted ? signal.reason : error);
    // The hint of an unexpected error speaks of the command line.
    const words = [problem.message, problem.code === "internal" ? undefined : problem.hint].filter(Boolean).join(" ");
    // Not in the log, too: whoever follows it is told the reason at the end. An interruption for removal is not a failure, which would be reported to waiting callers.
    if (!isRemoval(problem)) await update({ state: "failed", problem: words });
    throw problem;
  }
}

const removals = new WeakSet<PanopticonError>();

/** Interrupts the creation of a workspace that is to be removed. The remover then sets its state. */
export function removalReason(): PanopticonError {
  const reason = new PanopticonError("conflict", "Interrupted: the workspace is being removed.");
  removals.add(reason);
  return reason;
}

function isRemoval(problem: PanopticonError): boolean {
  return removals.has(problem);
}

async function stands({ git }: WorkParts, { repository, path, branch }: Workspace): Promise<boolean> {
  if (!(await isWorktree(git, path))) return false;
  if ((await git.ask(path, ["symbolic-ref", "--short", "HEAD"])) !== branch) return false;
  if (!(await isSound(git, path))) return false;
  return !(await listWorktrees(git, repository)).some((tree) => tree.path === path && isHalfAdded(tree));
}

/** Throws `conflict` if the folder was deleted meanwhile. */
function checkStillThere({ path, issue }: Workspace): void {
  if (existsSync(join(path, ".git"))) return;
  throw new PanopticonError("conflict", `Its folder ${path} disappeared while it was being created.`, {
    hint: `Create it again: pan workspace create ${issue.ref}.`,
  });
}

type WorktreeFor = {
  readonly repository: Repository;
  readonly workspace: Workspace;
  readonly start: Start;
  readonly trees: readonly Worktree[];
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
};

/** Adds the worktree on a new or an existing branch. Returns notes for the user. */
async function placeWorktree({ git, records }: WorkParts, options: WorktreeFor): Promise<readonly string[]> {
  const { repository, workspace, start, trees, say, signal } = options;
  const { path, branch } = workspace;
  const holder = trees.find((tree) => tree.branch === branch && tree.path !== path && !tree.prunable);
  if (holder !== undefined) {
    const other = (await records.workspaces.list()).find((one) => one.path === holder.path);
    throw new PanopticonError(
      "conflict",
      `The branch ${branch} is checked out in ${holder.path}${other === undefined ? "" : `, the workspace of ${other.issue.ref}`}.`,
      { hint: "Check out another branch there, or include {ref} in workspace: { branch: … } in projects.yaml." },
    );
  }
  if (trees.some((tree) => tree.path === path && isHalfAdded(tree) && existsSync(join(path, ".git")))) {
    await finishAdding(git, repository.path, path, signal);
    say(`${path} had been cut off while it was being added; what was missing is there now.`);
    return [];
  }
  if (trees.some((tree) => tree.path === path && !tree.prunable)) {
    const mended = await mendWorktree(git, path, branch);
    for (const one of mended) say(one);
    if (await isWorktree(git, path)) return mended;
  }
  if (existsSync(path) && readdirSync(path).length > 0) {
    // Its files exist, but git does not know it any more: uncommitted changes must not be lost.
    await readopt(git, repository.path, path, branch);
    say(`Found ${path} and turned it into a worktree of ${branch} again.`);
    return [`${path} was no worktree any more and was made one again; what was staged there is unstaged.`];
  }
  // A missing folder holds its branch and its path until git forgets it.
  const isHeld = trees.some((tree) => tree.prunable && (tree.branch === branch || tree.path === path));
  if (isHeld) await git.run(repository.path, ["worktree", "prune"]);
  if (start.local !== null) {
    await addWorktree(git, repository.path, ["--", path, branch], signal);
    const ahead = await git.ask(path, ["rev-list", "--count", `${start.commit}..HEAD`]);
    say(`The branch ${branch} already exists.`);
    const commits = ahead === "1" ? "1 commit" : `${ahead ?? "its own"} commits`;
    return ahead === "0" ? [] : [`The branch ${branch} already exists, with ${commits}.`];
  }
  const { published } = start;
  const from = published ?? start.commit;
  await addWorktree(git, repository.path, ["--no-track", "-b", branch, "--", path, from], signal);
  say(
    `${path} is on the new branch ${branch}, from ${published === null ? start.base : `${repository.remote}/${branch}`}.`,
  );
  return published === null ? [] : [`${repository.remote} has a branch ${branch} already; this goes on with it.`];
}

/** STATE.md and its neighbors are Panopticon's, not the repository's. */
function keepOutOfGit({ commonDir }: Repository): void {
  const file = join(commonDir, "info", "exclude");
  const line = "/.panopticon/";
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (text.split(/\r?\n/).includes(line)) return;
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, `${text === "" || text.endsWith("\n") ? "" : "\n"}${line}\n`);
}
