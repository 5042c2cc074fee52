import { existsSync } from "node:fs";
import type { WorkspacePatch } from "../../domain/work-records.ts";
import type { Workspace } from "../../domain/workspace.ts";
import { listWorktrees } from "../git/worktrees.ts";
import type { WorkParts } from "../work-parts.ts";

/**
 * Where a workspace's folder, or the checkout it is of, is now, if somebody moved it and git knows; `checkout`: the project's, as it is configured now. Null: nothing
 * has moved, or nobody knows where to. A checkout that moved finds its worktrees again.
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
  // It never had a folder: one on its branch is somebody else's, another workspace's where the template gives both one name.
  if (state !== "ready" && (step === "fetch" || step === "branch")) return null;
  const trees = await othersOf(git, repository);
  const moved = trees.find((tree) => tree.branch === branch && !tree.prunable && existsSync(tree.path));
  return moved === undefined ? null : { path: moved.path };
}

/** The first is the checkout itself. */
const othersOf = async (git: WorkParts["git"], repository: string) => (await listWorktrees(git, repository)).slice(1);
