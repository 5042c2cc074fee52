import type { Workspace } from "../../domain/workspace.ts";
import { listWorktrees } from "../git/worktrees.ts";
import type { WorkParts } from "../work-parts.ts";
import { getWorkspace } from "./create-workspace.ts";

const followed = "was made in it and is its branch now, instead of";

/**
 * Lets workspaces of one repository follow branches created in them by agents or users, where their work and requests continue. Returns all of them in their
 * current state. One git process if no branch changed.
 */
export async function followBranches(
  parts: WorkParts,
  repository: string,
  workspaces: readonly Workspace[],
): Promise<readonly Workspace[]> {
  const trees = await listWorktrees(parts.git, repository);
  const branches = new Map(trees.map(({ path, branch }) => [path, branch]));
  const known: Workspace[] = [];
  for (const workspace of workspaces) {
    known.push((await followBranch(parts, workspace, branches.get(workspace.path) ?? null)) ?? workspace);
  }
  return known;
}

/**
 * Adopts the branch that is checked out in a workspace, if it was created there and contains all work of the previous one. null if not; the workspace then
 * keeps its branch, because a colleague's branch or the default one is only checked out temporarily.
 */
export async function followBranch(
  parts: WorkParts,
  workspace: Workspace,
  checkedOut: string | null,
): Promise<Workspace | null> {
  const { id, branch, repository, base, issue, state, step, notes } = workspace;
  if (checkedOut === null || checkedOut === branch || state !== "ready") return null;
  if (base === checkedOut || base.endsWith(`/${checkedOut}`)) return null;
  const others = await parts.records.workspaces.list();
  if (others.some((one) => one.id !== id && one.repository === repository && one.branch === checkedOut)) return null;
  if (!(await wasMadeIn(parts, workspace, checkedOut)) || !(await hasAllOf(parts, workspace, checkedOut))) return null;
  const kept = notes.filter((note) => !note.includes(followed));
  const note = `${checkedOut} ${followed} ${branch}.`;
  parts.changed(await parts.records.workspaces.update(id, { branch: checkedOut, notes: [...kept, note] }));
  parts.emit({ type: "workspace", id, ref: issue.ref, state, step });
  return getWorkspace(parts, id);
}

/** Whether a branch was created after the workspace, and is not the local name of one that someone pushed. */
async function wasMadeIn({ git }: WorkParts, { repository, createdAt }: Workspace, branch: string): Promise<boolean> {
  // The oldest line of its reflog; without one it is unknown.
  const log = await git.ask(repository, ["log", "-g", "--date=unix", "--format=%gd %gs", `refs/heads/${branch}`, "--"]);
  const first = /@\{(\d+)\} (.*)$/.exec((log ?? "").split("\n").at(-1) ?? "");
  if (first === null) return false;
  const [, at = "0", how = ""] = first;
  // The reflog has a resolution of seconds.
  return Number(at) >= Math.floor(createdAt / 1_000) && !how.endsWith(`/${branch}`);
}

/** Whether nothing is left behind on the workspace's branch, which may have been renamed. */
async function hasAllOf({ git }: WorkParts, { repository, branch }: Workspace, other: string): Promise<boolean> {
  const former = `refs/heads/${branch}`;
  if ((await git.ask(repository, ["rev-parse", "--verify", "--quiet", former])) === null) return true;
  return (await git.ask(repository, ["merge-base", "--is-ancestor", former, `refs/heads/${other}`])) !== null;
}
