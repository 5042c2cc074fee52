import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { isPanopticonError } from "../../domain/error.ts";
import type { Workspace } from "../../domain/workspace.ts";
import type { Standing } from "../git/histories.ts";
import { findGitFolder, lockedSince } from "../git/mend-worktree.ts";
import { isWorktree } from "../git/worktrees.ts";
import type { WorkParts, WorkProject } from "../work-parts.ts";
import { isCopy } from "./copy-files.ts";

/** A workspace's current state according to git. */
export type WorkspaceFacts = {
  /** Whether the folder exists and is a worktree. */
  readonly present: boolean;
  /** What prevents git from working in it; null if nothing. */
  readonly trouble: Trouble | null;
  /** Paths with uncommitted changes, without unchanged copies; if git cannot tell, one line that says so. */
  readonly dirty: readonly string[];
  /** Commits that its base lacks, and vice versa. */
  readonly ahead: number;
  readonly behind: number;
  /** The number of commits that exist nowhere else, neither on a remote nor in a merged request: of its branch, its checked-out commit and its submodules. */
  readonly unpublished: number;
  /** The checked-out branch; null if there is none, or the folder is not present. */
  readonly checkedOut: string | null;
  /** The newest checked-out commit, or that of its branch if the folder is not present; null if there is none. */
  readonly head: string | null;
  /** The newest commit of its own branch; null if the branch is gone. */
  readonly tip: string | null;
};

/** What is wrong with a workspace's folder, in words for users; `mendable`: creating the workspace again repairs it. */
export type Trouble = { readonly words: string; readonly mendable: boolean };

/** Every git locks the index for a moment. */
const lockedLongMs = 60_000;

const absent: WorkspaceFacts = {
  present: false,
  trouble: null,
  dirty: [],
  ahead: 0,
  behind: 0,
  unpublished: 0,
  checkedOut: null,
  head: null,
  tip: null,
};

/** How commits stand to their bases, as far as it is known beforehand. */
export type Standings = { find(workspace: Workspace, commit: string): Standing | undefined };

/** Inspects a workspace. Does not throw if it is broken: it is then not present. */
export async function inspectWorkspace(
  parts: Pick<WorkParts, "git" | "clock">,
  workspace: Workspace,
  project: WorkProject | undefined,
  standings?: Standings,
): Promise<WorkspaceFacts> {
  try {
    return await inspect(parts, workspace, project, standings);
  } catch (error) {
    // Without git nothing is known about it.
    if (isPanopticonError(error) && error.code === "not_found") return absent;
    throw error;
  }
}

async function inspect(
  { git, clock }: Pick<WorkParts, "git" | "clock">,
  workspace: Workspace,
  project: WorkProject | undefined,
  standings: Standings | undefined,
): Promise<WorkspaceFacts> {
  const { path, branch, repository } = workspace;
  // What git cannot read may be work that exists nowhere else.
  const unseen = (why: string): readonly string[] => (hasFiles(path) ? [`what is in it (${why})`] : []);
  const broken = (words: string, mendable = true) => ({ trouble: { words, mendable }, dirty: unseen(words) });
  if (!existsSync(repository)) return { ...absent, ...broken(`its checkout ${repository} is not there`, false) };
  const lookAtBranch = async (): Promise<WorkspaceFacts> => {
    const tip = await findBranch(git, repository, branch);
    const facts = await branchFacts(git, repository, { head: tip, tip }, workspace);
    const isThere = existsSync(path);
    return { ...absent, ...facts, ...broken(isThere ? "git does not know its folder any more" : "its folder is gone") };
  };
  if (!existsSync(path)) return lookAtBranch();
  // Without its own .git, the surrounding repository would answer.
  const status = existsSync(join(path, ".git")) ? await readStatus(git, path) : null;
  if (status === null) {
    if (!(await isWorktree(git, path))) return lookAtBranch();
    const tips = { head: await findCommit(git, path, "HEAD"), tip: await findBranch(git, path, branch) };
    const facts = await branchFacts(git, path, tips, workspace);
    const checkedOut = await git.ask(path, ["symbolic-ref", "--short", "HEAD"]);
    // A broken index hides changes, which must not count as none.
    return { ...facts, present: true, checkedOut, ...broken("git cannot read its index") };
  }
  const { head, checkedOut } = status;
  const tip = checkedOut === branch ? head : await findBranch(git, path, branch);
  const own = await branchFacts(git, path, { head, tip }, workspace, standings);
  const unpublished = own.unpublished + (await countInSubmodules(git, path));
  const facts = { ...own, unpublished, present: true, checkedOut, trouble: findTrouble(path, clock.now()) };
  const copies = (project?.work.workspace.copy.length ?? 0) > 0;
  const dirty = status.changed.filter(
    ({ file, untracked }) => !(untracked && copies && isCopy(file, { from: repository, to: path })),
  );
  return { ...facts, dirty: dirty.map(({ file }) => file) };
}

/** For a folder that git can read. */
function findTrouble(path: string, now: number): Trouble | null {
  const folder = findGitFolder(path);
  if (folder !== null && !existsSync(join(folder, "index"))) return { words: "its index is gone", mendable: true };
  const since = lockedSince(path);
  if (folder === null || since === null || now - since < lockedLongMs) return null;
  const lock = join(folder, "index.lock");
  const words = `its index is locked: a git is at work in it, or was killed; if none is, delete ${lock}`;
  return { words, mendable: false };
}

const findCommit = (git: WorkParts["git"], cwd: string, tip: string) =>
  git.ask(cwd, ["rev-parse", "--verify", "--quiet", `${tip}^{commit}`]);

const findBranch = (git: WorkParts["git"], cwd: string, branch: string) => findCommit(git, cwd, `refs/heads/${branch}`);

/** Whether deleting a folder would lose anything. */
function hasFiles(path: string): boolean {
  const there = statSync(path, { throwIfNoEntry: false });
  return there !== undefined && (!there.isDirectory() || readdirSync(path).length > 0);
}

type Tips = Pick<WorkspaceFacts, "head" | "tip">;

async function branchFacts(
  git: WorkParts["git"],
  cwd: string,
  { head, tip }: Tips,
  workspace: Workspace,
  standings?: Standings,
) {
  if (head === null) {
    const unpublished = tip === null ? 0 : await countUnpublished(git, cwd, [tip], workspace);
    return { ahead: 0, behind: 0, unpublished, head, tip };
  }
  const standing = head === tip && workspace.request === null ? standings?.find(workspace, head) : undefined;
  if (standing !== undefined) return { ...standing, head, tip };
  const compare = (base: string) => git.ask(cwd, ["rev-list", "--left-right", "--count", `${base}...${head}`]);
  const known = await compare(workspace.base);
  // The base may be gone with its remote; its commit is not.
  const counts = known ?? (workspace.baseCommit && (await compare(workspace.baseCommit)));
  const [behind = 0, ahead = 0] = (counts ?? "").split("\t").map(Number);
  // What the base contains is kept, without asking git again.
  const isKept = known !== null && ahead === 0;
  const tips = [...(isKept ? [] : [head]), ...(tip === null || tip === head ? [] : [tip])];
  return { ahead, behind, unpublished: await countUnpublished(git, cwd, tips, workspace), head, tip };
}

/** How many commits of these tips exist nowhere else. Without a remote nothing is ever pushed, so what the base contains counts as kept. */
export async function countUnpublished(
  git: WorkParts["git"],
  cwd: string,
  commits: readonly string[],
  { base, request }: Workspace,
): Promise<number> {
  // A squashed request contains the work, but not these commits.
  const merged = request?.state === "merged" && request.commit !== null ? [request.commit] : [];
  const tips = commits.filter((commit) => !merged.includes(commit));
  if (tips.length === 0) return 0;
  // A ref that no longer exists (a base that is gone with its remote) is ignored.
  const known = ["--not", base, ...merged, "--remotes"];
  const count = await git.ask(cwd, ["rev-list", "--count", "--ignore-missing", ...tips, ...known]);
  // If git does not answer, removal is not allowed.
  return Number(count ?? 1);
}

/** A workspace's submodule has its own object store, which is deleted with the workspace. */
async function countInSubmodules(git: WorkParts["git"], path: string): Promise<number> {
  if (!existsSync(join(path, ".gitmodules"))) return 0;
  const each = "git rev-list --count HEAD --branches --not --remotes";
  const counts = await git.ask(path, ["submodule", "--quiet", "foreach", "--recursive", each]);
  return (counts ?? "1").split("\n").reduce((sum, count) => sum + Number(count), 0);
}

type Changed = { readonly file: string; readonly untracked: boolean };

/** The uncommitted changes and the current commit; null if git fails: the folder is not a worktree, or its index is broken. */
async function readStatus(
  git: WorkParts["git"],
  path: string,
): Promise<(Pick<WorkspaceFacts, "head" | "checkedOut"> & { readonly changed: readonly Changed[] }) | null> {
  const wanted = ["--porcelain=v2", "--branch", "-z", "--untracked-files=all", "--ignore-submodules=none"];
  const output = await git.ask(path, ["--no-optional-locks", "status", ...wanted]);
  if (output === null) return null;
  const fields = output.split("\0");
  const changed: Changed[] = [];
  let head: string | null = null;
  let checkedOut: string | null = null;
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index] ?? "";
    const before = fieldsBeforePath[field[0] ?? ""];
    // Before the first commit it is "(initial)".
    if (field.startsWith("# branch.oid ")) head = /^# branch\.oid ([0-9a-f]+)$/.exec(field)?.[1] ?? null;
    else if (field.startsWith("# branch.head ")) checkedOut = /^# branch\.head ([^(].*)$/.exec(field)?.[1] ?? null;
    else if (before !== undefined) {
      changed.push({ file: field.split(" ").slice(before).join(" "), untracked: field.startsWith("?") });
      // A renamed file is followed by its previous name.
      if (field.startsWith("2 ")) index += 1;
    }
  }
  return { head, checkedOut, changed };
}

/** The number of fields before a path, by the kind of line: https://git-scm.com/docs/git-status#_porcelain_format_version_2. */
const fieldsBeforePath: Readonly<Record<string, number>> = { "1": 8, "2": 9, u: 10, "?": 1 };
