import type { Workspace } from "../../domain/workspace.ts";
import { listWorktrees } from "../git/worktrees.ts";
import type { WorkParts } from "../work-parts.ts";
import { getWorkspace } from "./create-workspace.ts";

const followed = "was made in it and is its branch now, instead of";

/**
 * Lets workspaces of one repository follow branches that agents or people made in them: their work goes on there, and so do their requests. Gives all of them as they are
 * now. One git process where nobody changed branches.
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
 * Makes the branch that is checked out in a workspace its own, if it was made there and has all the work of the former one. null: it is not, so the workspace keeps its
 * branch; whoever looks at a colleague's branch, or at the default one, comes back.
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

/** Whether a branch was begun since the workspace is there, and is not the local name of one that somebody had pushed. */
async function wasMadeIn({ git }: WorkParts, { repository, createdAt }: Workspace, branch: string): Promise<boolean> {
  // The oldest line of its log; without one nobody knows.
  const log = await git.ask(repository, ["log", "-g", "--date=unix", "--format=%gd %gs", `refs/heads/${branch}`, "--"]);
  const first = /@\{(\d+)\} (.*)$/.exec((log ?? "").split("\n").at(-1) ?? "");
  if (first === null) return false;
  const [, at = "0", how = ""] = first;
  // The log knows seconds.
  return Number(at) >= Math.floor(createdAt / 1_000) && !how.endsWith(`/${branch}`);
}

/** Whether nothing is left behind on the workspace's branch, which may be gone by another name. */
async function hasAllOf({ git }: WorkParts, { repository, branch }: Workspace, other: string): Promise<boolean> {
  const former = `refs/heads/${branch}`;
  if ((await git.ask(repository, ["rev-parse", "--verify", "--quiet", former])) === null) return true;
  return (await git.ask(repository, ["merge-base", "--is-ancestor", former, `refs/heads/${other}`])) !== null;
}
