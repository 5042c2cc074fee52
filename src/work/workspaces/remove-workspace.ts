import { existsSync, rmSync } from "node:fs";
import { isLiving } from "../../domain/agent.ts";
import { isPanopticonError, PanopticonError, toPanopticonError } from "../../domain/error.ts";
import type { Workspace } from "../../domain/workspace.ts";
import { isHalfAdded, listWorktrees, removeWorktree, type Worktree } from "../git/worktrees.ts";
import type { WorkParts, WorkProject } from "../work-parts.ts";
import { rootOf } from "./create-workspace.ts";
import { countUnpublished, inspectWorkspace, type WorkspaceFacts } from "./inspect-workspace.ts";
import { checkPlace } from "./place.ts";
import { runCommands } from "./run-commands.ts";
import { stepLog } from "./step-log.ts";
import { workspaceEnvironment } from "./workspace-environment.ts";

/** Throws `conflict` with what would be lost; while a workspace is `beingMade`, its files and its lock are git's. */
export async function checkRemovable(
  parts: WorkParts,
  workspace: Workspace,
  found: WorkspaceFacts,
  { beingMade = false }: { readonly beingMade?: boolean } = {},
): Promise<void> {
  const facts = beingMade ? { ...found, dirty: [] } : found;
  const reasons: string[] = [];
  const agents = await parts.records.agents.list({ endedLimit: 0 });
  const agent = agents.find((one) => one.workspaceId === workspace.id && isLiving(one.state));
  if (agent !== undefined) reasons.push(`${agent.name} is at work in it (agent ${agent.id})`);
  const tree = beingMade ? undefined : await findTree(parts, workspace);
  const isHalf = tree !== undefined && isHalfAdded(tree);
  // git reports missing files as changes.
  if (isHalf && facts.dirty.length > 0) reasons.push("git was cut off while it wrote its files");
  else if (facts.dirty.length > 0) {
    const [first = ""] = facts.dirty;
    const rest = facts.dirty.length - 1;
    reasons.push(`${first}${rest > 0 ? ` and ${rest} more` : ""} ${rest > 0 ? "are" : "is"} not committed`);
  }
  if (facts.unpublished > 0) {
    const commits = facts.unpublished === 1 ? "one commit is" : `${facts.unpublished} commits are`;
    reasons.push(`${commits} neither pushed nor merged`);
  }
  const lock = isHalf ? null : (tree?.locked ?? null);
  if (lock !== null) reasons.push(`somebody locked it${lock === "" ? "" : ` (${lock})`}`);
  if (reasons.length === 0) return;
  const todo = [
    ...(agent === undefined ? [] : [`Stop the agent: pan agent stop ${agent.id}.`]),
    ...(facts.dirty.length + facts.unpublished === 0 ? [] : [todoFor(workspace, facts, isHalf)]),
    ...(lock === null ? [] : [`Unlock it: git -C ${workspace.repository} worktree unlock ${workspace.path}.`]),
  ];
  throw new PanopticonError(
    "conflict",
    `The workspace of ${workspace.issue.ref} was not removed: ${reasons.join("; ")}.`,
    {
      hint: `${todo.join(" ")} Or remove it all the same: pan workspace remove ${workspace.issue.ref} --force.`,
    },
  );
}

/** How to keep what would be lost. */
function todoFor(
  { path, repository, project, issue }: Workspace,
  { present, trouble }: WorkspaceFacts,
  isHalf: boolean,
): string {
  if (isHalf || (present && trouble?.mendable === true)) return `Repair it: pan workspace create ${issue.ref}.`;
  if (present) return `Commit and push in ${path}.`;
  return existsSync(repository)
    ? `Turn it into a worktree again: pan workspace create ${issue.ref}.`
    : `Set path: of ${project} in projects.yaml to where its checkout is now.`;
}

/** The worktree as git lists it. */
async function findTree({ git }: WorkParts, { repository, path }: Workspace): Promise<Worktree | undefined> {
  return existsSync(repository) ? (await listWorktrees(git, repository)).find((one) => one.path === path) : undefined;
}

/**
 * Removes a workspace: its folder, its place in the repository and its branch. Commits that exist nowhere else remain under `refs/panopticon/removed/`. A
 * failing `before_remove` is only logged. If something cannot be removed, the workspace becomes `failed`, and the error is thrown; the same applies, unless
 * forced, if `before_remove` or anyone else has meanwhile left something that would be lost.
 */
export async function takeAway(
  parts: WorkParts,
  project: WorkProject | undefined,
  workspace: Workspace,
  { force, present }: { readonly force: boolean } & Pick<WorkspaceFacts, "present">,
): Promise<{ readonly kept: string | null }> {
  const { records } = parts;
  const { id, path, issue } = workspace;
  const log = stepLog(parts.home, id);
  parts.changed(await records.workspaces.beginRemoval(id));
  parts.emit({ type: "workspace", id, ref: issue.ref, state: "removing", step: null });
  if (present && project !== undefined) {
    const { beforeRemove, timeoutMs } = project.work.workspace;
    const env = workspaceEnvironment(parts, workspace);
    try {
      await runCommands(beforeRemove, { cwd: path, env, timeoutMs, log });
    } catch (error) {
      log.write(`${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  let kept: string | null = null;
  let refusal: PanopticonError | null = null;
  try {
    const facts = await inspectWorkspace(parts, workspace, project);
    refusal = force ? null : await findRefusal(parts, workspace, facts);
    if (refusal === null) kept = await takeFolder(parts, project, workspace, facts);
  } catch (error) {
    const { message } = toPanopticonError(error);
    log.write(`${message}\n`);
    const problem = `It could not be removed: ${message}`;
    parts.changed(await records.workspaces.update(id, { state: "failed", problem }));
    parts.emit({ type: "workspace", id, ref: issue.ref, state: "failed", step: null });
    throw new PanopticonError("conflict", `The workspace of ${issue.ref} could not be removed: ${message}`, {
      hint: `Check ${path}, then remove the workspace again.`,
      cause: error,
    });
  }
  if (refusal !== null) {
    const { state } = workspace;
    parts.changed(await records.workspaces.update(id, { state }));
    parts.emit({ type: "workspace", id, ref: issue.ref, state, step: null });
    throw refusal;
  }
  parts.changed(await records.workspaces.remove(id));
  log.remove();
  parts.emit({ type: "workspace", id, ref: issue.ref, state: null, step: null });
  return { kept };
}

/** What would be lost now that the removal has started; null if nothing. */
async function findRefusal(
  parts: WorkParts,
  workspace: Workspace,
  facts: WorkspaceFacts,
): Promise<PanopticonError | null> {
  try {
    await checkRemovable(parts, workspace, facts);
    return null;
  } catch (error) {
    if (isPanopticonError(error) && error.code === "conflict") return error;
    throw error;
  }
}

/** Removes its folder, its place in the repository and its branch. Returns the ref that keeps its commits. */
async function takeFolder(
  parts: WorkParts,
  project: WorkProject | undefined,
  workspace: Workspace,
  facts: WorkspaceFacts,
): Promise<string | null> {
  const { git, home } = parts;
  const { path, repository, branch, state } = workspace;
  let kept: string | null = null;
  if (existsSync(repository)) {
    // If it failed because its branch was in use elsewhere, that branch is somebody else's.
    const isOwn = facts.present || state !== "failed" || (await findTree(parts, workspace)) !== undefined;
    kept = isOwn ? await keepCommits(git, workspace, facts) : null;
    if (facts.present) await removeWorktree(git, repository, path);
    await git.run(repository, ["worktree", "prune"]);
    if (isOwn && facts.tip !== null) await git.ask(repository, ["branch", "-D", "--", branch]);
  }
  // A folder that git does not know any more; one that was moved elsewhere is not ours to clear.
  if (project !== undefined && existsSync(path)) {
    checkPlace(rootOf({ home }, project), path);
    rmSync(path, { recursive: true, force: true });
  }
  return kept;
}

/** Before anything is removed, keeps the commits of the branch and of what is checked out, which may differ. */
async function keepCommits(
  git: WorkParts["git"],
  workspace: Workspace,
  { head, tip }: WorkspaceFacts,
): Promise<string | null> {
  const { id, repository } = workspace;
  const refs: string[] = [];
  const keep = async (commit: string | null, ref: string) => {
    if (commit === null || (await countUnpublished(git, repository, [commit], workspace)) === 0) return;
    await git.run(repository, ["update-ref", ref, commit]);
    refs.push(ref);
  };
  const ref = `refs/panopticon/removed/${id}`;
  await keep(tip, ref);
  if (head !== tip) await keep(head, refs.length === 0 ? ref : `${ref}-head`);
  return refs[0] ?? null;
}
