import { existsSync } from "node:fs";
import { isPanopticonError } from "../../domain/error.ts";
import type { Workspace } from "../../domain/workspace.ts";
import { isWorktree, listWorktrees } from "../git/worktrees.ts";
import type { WorkParts, WorkProject } from "../work-parts.ts";
import { isCopy } from "./copy-files.ts";

/** What git says of a workspace now. */
export type WorkspaceFacts = {
  /** The folder is there and a worktree. */
  readonly present: boolean;
  /** Paths with changes that are not committed, without unchanged copies. */
  readonly dirty: readonly string[];
  /** Commits that its base does not have, and the other way round. */
  readonly ahead: number;
  readonly behind: number;
  /** Commits that are nowhere else: on no remote, and not in a merged request. */
  readonly unpublished: number;
  /** Its newest commit; null: there is none. */
  readonly head: string | null;
};

const absent: WorkspaceFacts = { present: false, dirty: [], ahead: 0, behind: 0, unpublished: 0, head: null };

/** Looks at a workspace. Never throws for what is broken about it: then it is not present. */
export async function inspectWorkspace(
  parts: Pick<WorkParts, "git">,
  workspace: Workspace,
  project: WorkProject | undefined,
): Promise<WorkspaceFacts> {
  try {
    return await inspect(parts, workspace, project);
  } catch (error) {
    // Without git nothing can be said of it.
    if (isPanopticonError(error) && error.code === "not_found") return absent;
    throw error;
  }
}

async function inspect(
  { git }: Pick<WorkParts, "git">,
  workspace: Workspace,
  project: WorkProject | undefined,
): Promise<WorkspaceFacts> {
  const { path, branch, repository } = workspace;
  if (!existsSync(repository)) return absent;
  const lookAtBranch = async () => {
    const head = await findCommit(git, repository, `refs/heads/${branch}`);
    return { ...absent, ...(await branchFacts(git, repository, head, workspace)) };
  };
  if (!existsSync(path)) return lookAtBranch();
  const [isThere, status, head] = await Promise.all([
    isWorktree(git, path),
    git.ask(path, ["--no-optional-locks", "status", "--porcelain", "-z", "--untracked-files=all"]),
    findCommit(git, path, "HEAD"),
  ]);
  if (!isThere) return lookAtBranch();
  const facts = { ...(await branchFacts(git, path, head, workspace)), present: true };
  // A broken index hides what is in it: nobody may take that for nothing.
  if (status === null) return { ...facts, dirty: ["what is in it (git status fails)"] };
  const copies = (project?.work.workspace.copy.length ?? 0) > 0;
  const dirty = readStatus(status).filter(
    ({ file, untracked }) => !(untracked && copies && isCopy(file, { from: repository, to: path })),
  );
  return { ...facts, dirty: dirty.map(({ file }) => file) };
}

const findCommit = (git: WorkParts["git"], cwd: string, tip: string) =>
  git.ask(cwd, ["rev-parse", "--verify", "--quiet", `${tip}^{commit}`]);

async function branchFacts(git: WorkParts["git"], cwd: string, head: string | null, workspace: Workspace) {
  if (head === null) return { ahead: 0, behind: 0, unpublished: 0, head };
  const compare = (base: string) => git.ask(cwd, ["rev-list", "--left-right", "--count", `${base}...${head}`]);
  // The base may be gone with its remote; the commit it was is not.
  const [counts, unpublished] = await Promise.all([
    compare(workspace.base).then((found) => found ?? (workspace.baseCommit && compare(workspace.baseCommit))),
    countUnpublished(git, cwd, head, workspace),
  ]);
  const [behind = 0, ahead = 0] = (counts ?? "").split("\t").map(Number);
  return { ahead, behind, unpublished, head };
}

/** Without a remote nothing is ever pushed: what the base has counts as kept. */
async function countUnpublished(
  git: WorkParts["git"],
  cwd: string,
  head: string,
  { base, request }: Workspace,
): Promise<number> {
  // A squashed request has the work, if not these commits.
  const merged = request?.state === "merged" && request.commit !== null ? [request.commit] : [];
  if (request?.state === "merged" && request.commit === head) return 0;
  // What is known no longer (a base that went with its remote) is passed over.
  const known = ["--not", base, ...merged, "--remotes"];
  const count = await git.ask(cwd, ["rev-list", "--count", "--ignore-missing", head, ...known]);
  // No answer is no leave to remove it.
  return Number(count ?? 1);
}

type Changed = { readonly file: string; readonly untracked: boolean };

/** `git status --porcelain -z`: a renamed file is followed by its former name. */
function readStatus(output: string): readonly Changed[] {
  const fields = output.split("\0");
  const changed: Changed[] = [];
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index] ?? "";
    if (field.length < 4) continue;
    changed.push({ file: field.slice(3), untracked: field.startsWith("??") });
    if (/^[RC]|^.[RC]/.test(field)) index += 1;
  }
  return changed;
}

/** Where a workspace's folder is now, if somebody moved it and git knows; null: it has not moved, or nobody knows. */
export async function findMoved({ git }: Pick<WorkParts, "git">, workspace: Workspace): Promise<string | null> {
  if (!existsSync(workspace.repository) || existsSync(workspace.path)) return null;
  // The first is the checkout itself.
  const trees = (await listWorktrees(git, workspace.repository)).slice(1);
  const moved = trees.find((tree) => tree.branch === workspace.branch && !tree.prunable && existsSync(tree.path));
  return moved?.path ?? null;
}
