import { existsSync } from "node:fs";
import type { WorkspacePatch } from "../../domain/work-records.ts";
import type { Workspace } from "../../domain/workspace.ts";
import { listWorktrees } from "../git/worktrees.ts";
import type { WorkParts } from "../work-parts.ts";

/**
 * The new location of a workspace's folder or of its checkout, if it was moved and git knows where; `checkout`: the project's currently configured one. null if
 * nothing has moved, or the new location is unknown. A moved checkout finds its worktrees again.
 */
export async function findMoves(
  { git }: Pick<WorkParts, "git">,
  { repository, path, branch, state, step }: Workspace,
  checkout: string | null,
): Promise<Pick<WorkspacePatch, "repository" | "path"> | null> {
  if (!existsSync(repository)) {
    if (checkout === null || !existsSync(checkout)) return null;
    if ((await git.ask(checkout, ["rev-parse", "--git-dir"])) === null) return null;
    if (!(await othersOf(git, checkout)).some((tree) => tree.path === path)) return null;
    await git.run(checkout, ["worktree", "repair"]);
    return { repository: checkout };
  }
  if (existsSync(path)) return null;
  // It never had a folder: one on its branch belongs to someone else, or to another workspace if the template gives both the same name.
  if (state !== "ready" && (step === "fetch" || step === "branch")) return null;
  const trees = await othersOf(git, repository);
  const moved = trees.find((tree) => tree.branch === branch && !tree.prunable && existsSync(tree.path));
  return moved === undefined ? null : { path: moved.path };
}

/** The first is the checkout itself. */
const othersOf = async (git: WorkParts["git"], repository: string) => (await listWorktrees(git, repository)).slice(1);
