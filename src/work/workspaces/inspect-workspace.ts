import { existsSync } from "node:fs";
import { join } from "node:path";
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
  // Without its own .git it would be the repository around it that answers.
  const status = existsSync(join(path, ".git")) ? await readStatus(git, path) : null;
  if (status === null) {
    if (!(await isWorktree(git, path))) return lookAtBranch();
    const facts = await branchFacts(git, path, await findCommit(git, path, "HEAD"), workspace);
    // A broken index hides what is in it: nobody may take that for nothing.
    return { ...facts, present: true, dirty: ["what is in it (git status fails)"] };
  }
  const facts = { ...(await branchFacts(git, path, status.head, workspace)), present: true };
  const copies = (project?.work.workspace.copy.length ?? 0) > 0;
  const dirty = status.changed.filter(
    ({ file, untracked }) => !(untracked && copies && isCopy(file, { from: repository, to: path })),
  );
  return { ...facts, dirty: dirty.map(({ file }) => file) };
}

const findCommit = (git: WorkParts["git"], cwd: string, tip: string) =>
  git.ask(cwd, ["rev-parse", "--verify", "--quiet", `${tip}^{commit}`]);

async function branchFacts(git: WorkParts["git"], cwd: string, head: string | null, workspace: Workspace) {
  if (head === null) return { ahead: 0, behind: 0, unpublished: 0, head };
  const compare = (base: string) => git.ask(cwd, ["rev-list", "--left-right", "--count", `${base}...${head}`]);
  const known = await compare(workspace.base);
  // The base may be gone with its remote; the commit it was is not.
  const counts = known ?? (workspace.baseCommit && (await compare(workspace.baseCommit)));
  const [behind = 0, ahead = 0] = (counts ?? "").split("\t").map(Number);
  // What the base has is kept: git need not be asked again.
  const isKept = known !== null && ahead === 0;
  return { ahead, behind, unpublished: isKept ? 0 : await countUnpublished(git, cwd, head, workspace), head };
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

/** What is not committed, and the commit it is not in; null where git fails: what is there is no worktree, or its index is broken. */
async function readStatus(
  git: WorkParts["git"],
  path: string,
): Promise<{ readonly head: string | null; readonly changed: readonly Changed[] } | null> {
  const wanted = ["--porcelain=v2", "--branch", "-z", "--untracked-files=all"];
  const output = await git.ask(path, ["--no-optional-locks", "status", ...wanted]);
  if (output === null) return null;
  const fields = output.split("\0");
  const changed: Changed[] = [];
  let head: string | null = null;
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index] ?? "";
    const before = fieldsBeforePath[field[0] ?? ""];
    // Before the first commit it is "(initial)".
    if (field.startsWith("# branch.oid ")) head = /^# branch\.oid ([0-9a-f]+)$/.exec(field)?.[1] ?? null;
    else if (before !== undefined) {
      changed.push({ file: field.split(" ").slice(before).join(" "), untracked: field.startsWith("?") });
      // A renamed file is followed by its former name.
      if (field.startsWith("2 ")) index += 1;
    }
  }
  return { head, changed };
}

/** How many fields stand before a path, by the kind of line: https://git-scm.com/docs/git-status#_porcelain_format_version_2. */
const fieldsBeforePath: Readonly<Record<string, number>> = { "1": 8, "2": 9, u: 10, "?": 1 };

/** Where a workspace's folder is now, if somebody moved it and git knows; null: it has not moved, or nobody knows. */
export async function findMoved({ git }: Pick<WorkParts, "git">, workspace: Workspace): Promise<string | null> {
  if (!existsSync(workspace.repository) || existsSync(workspace.path)) return null;
  // The first is the checkout itself.
  const trees = (await listWorktrees(git, workspace.repository)).slice(1);
  const moved = trees.find((tree) => tree.branch === workspace.branch && !tree.prunable && existsSync(tree.path));
  return moved?.path ?? null;
}
