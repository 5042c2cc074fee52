import type { Workspace } from "../../domain/workspace.ts";
import { compareHistories, type Standing } from "../git/histories.ts";
import { listWorktrees } from "../git/worktrees.ts";
import type { WorkParts } from "../work-parts.ts";
import type { Standings } from "./inspect-workspace.ts";

/** With fewer workspaces in a repository, comparing each takes no more git processes. */
const manyAreFrom = 6;

/** Compares the checked-out commits of many workspaces with their bases, together for each repository. */
export async function findStandings(
  { git }: Pick<WorkParts, "git">,
  workspaces: readonly Workspace[],
): Promise<Standings> {
  const known = new Map<string, ReadonlyMap<string, Standing>>();
  const groups = Map.groupBy(workspaces, placeOf);
  for (const [place, group] of groups) {
    const [first] = group;
    if (first === undefined || group.length < manyAreFrom) continue;
    // A repository that is gone or broken is reported with each of its workspaces.
    const standings = await compareGroup(git, first, group).catch(() => null);
    if (standings !== null) known.set(place, standings);
  }
  return { find: (workspace, commit) => known.get(placeOf(workspace))?.get(commit) };
}

async function compareGroup(
  git: WorkParts["git"],
  { repository, base }: Workspace,
  group: readonly Workspace[],
): Promise<ReadonlyMap<string, Standing>> {
  const paths = new Set(group.map(({ path }) => path));
  const trees = await listWorktrees(git, repository);
  const heads = trees.flatMap(({ path, head }) => (head !== null && paths.has(path) ? [head] : []));
  return compareHistories(git, repository, base, heads);
}

const placeOf = ({ repository, base }: Workspace): string => `${repository}\0${base}`;
