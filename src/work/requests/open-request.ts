import type { FoundRequest } from "../../domain/code-host.ts";
import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import type { Workspace } from "../../domain/workspace.ts";
import { openRepository } from "../git/repository.ts";
import { plainLine, plainText } from "../../domain/plain-text.ts";
import type { WorkParts } from "../work-parts.ts";
import type { WorkspaceFacts } from "../workspaces/inspect-workspace.ts";
import { addressesOf, type CodePlace, type CodePorts } from "./code-place.ts";
import { pickRequest } from "./note-request.ts";

/** What the user specifies for the request. */
export type RequestWish = {
  /** Default: the issue's title. */
  readonly title?: string | undefined;
  readonly body?: string | undefined;
  readonly draft: boolean;
};

const pushTimeoutMs = 120_000;

/** A branch that is on its remote now. */
export type PushedBranch = { readonly remote: string; readonly place: CodePlace };

/** `onOutput`: what git, the hooks and the server write meanwhile. */
export type PushOptions = { readonly signal: AbortSignal; readonly onOutput: (chunk: Buffer | string) => void };

/**
 * Pushes a workspace's branch. Throws `conflict` if nothing is committed, the remote is ahead, or the signal broke it off, `unsupported` without a remote on a code host,
 * `invalid_input` without credentials, `forbidden` if they don't allow it.
 */
export async function pushBranch(
  parts: Pick<WorkParts, "git"> & CodePorts,
  workspace: Workspace,
  facts: WorkspaceFacts,
  options: PushOptions,
): Promise<PushedBranch> {
  const { remote } = await openRepository(parts.git, workspace.repository);
  if (remote === null) {
    throw new PanopticonError("unsupported", `${workspace.repository} has no remote to push ${workspace.branch} to.`, {
      hint: `Add one: git -C ${workspace.repository} remote add origin ADDRESS.`,
    });
  }
  checkCommits(workspace, facts);
  const addresses = await addressesOf(parts.git, workspace.repository, remote);
  const place = parts.findCode(addresses, workspace.project);
  if (place === null) {
    const names = parts.codeHosts.join(" nor ");
    throw new PanopticonError(
      "unsupported",
      `${remote} (${withoutLogin(addresses[0] ?? "")}) is neither on ${names}.`,
      {
        hint: "If it is on your own server, connect that server first; otherwise push the branch and open the request there.",
      },
    );
  }
  await place.host().checkRights(place.repository);
  await push(parts, workspace, remote, options);
  return { remote, place };
}

/** Opens a pull or merge request for a pushed branch, with its issue linked, or returns the one that is open already. */
export async function openRequest(
  workspace: Workspace,
  { remote, place }: PushedBranch,
  wish: RequestWish,
): Promise<FoundRequest> {
  const host = place.host();
  const { branch, base } = workspace;
  const open = async () => (await host.requestsOf(place.repository, branch)).filter(({ state }) => state === "open");
  const known = pickRequest(await open());
  if (known !== undefined) return known;
  const request = {
    branch,
    base: base.startsWith(`${remote}/`) ? base.slice(remote.length + 1) : base,
    title: titleOf(workspace, wish, place.maxTitle),
    body: await bodyOf(workspace, wish, place),
    draft: wish.draft,
  };
  try {
    return await host.openRequest(place.repository, request);
  } catch (error) {
    // Someone else opened it first, or a response was lost.
    const other = isPanopticonError(error) && error.code === "conflict" ? pickRequest(await open()) : undefined;
    if (other !== undefined) return other;
    throw error;
  }
}

function checkCommits(
  { branch, path, issue }: Workspace,
  { present, checkedOut, tip, ahead, dirty }: WorkspaceFacts,
): void {
  if (present && checkedOut !== branch) {
    const where = checkedOut === null ? "no branch is checked out" : `${checkedOut} is checked out`;
    throw new PanopticonError("conflict", `In ${path} ${where}, but ${branch} is the branch to hand in.`, {
      hint:
        tip === null
          ? `In ${path}: git switch -c ${branch}, then try again.`
          : `In ${path}: git switch ${branch}, and git merge ${checkedOut ?? "what is to be handed in"}, then try again.`,
    });
  }
  if (tip === null) {
    throw new PanopticonError("conflict", `The branch ${branch} no longer exists.`, {
      hint: `Create the workspace again: pan workspace create ${issue.ref}.`,
    });
  }
  if (ahead > 0) return;
  throw new PanopticonError("conflict", `There are no commits on ${branch} yet, so there is nothing to hand in.`, {
    hint:
      dirty.length === 0
        ? `Commit the work in ${path} first.`
        : `${dirty.length === 1 ? "One file is" : `${dirty.length} files are`} changed in ${path}; commit first.`,
  });
}

async function push(
  { git }: Pick<WorkParts, "git">,
  { branch, repository, path }: Workspace,
  remote: string,
  { signal, onOutput }: PushOptions,
): Promise<void> {
  const ref = `refs/heads/${branch}`;
  onOutput(`$ git push ${remote} ${branch}\n`);
  try {
    await git.run(repository, ["push", "--porcelain", remote, `${ref}:${ref}`], {
      timeoutMs: pushTimeoutMs,
      signal,
      onOutput,
    });
  } catch (error) {
    if (signal.aborted) {
      throw new PanopticonError("conflict", `The push of ${branch} was stopped, and no request was opened.`, {
        hint: "Open the request again to push it anew.",
        cause: error,
      });
    }
    if (isPanopticonError(error) && error.code === "timeout") {
      throw new PanopticonError("timeout", `The push of ${branch} took longer than 2 minutes and was ended.`, {
        hint: `Is ${remote} reachable, does it work without a password, and does no pre-push hook hang? In ${path}: git push ${remote} ${branch} shows it.`,
        cause: error,
      });
    }
    if (!isPanopticonError(error) || error.code !== "internal") throw error;
    const words = withoutLogin(error.message).replace(/^git push failed: /, "");
    // git reports the same for a hook that refuses.
    if (/failed to push some refs/.test(words) && (await isBehind(git, repository, remote, ref))) {
      throw new PanopticonError("conflict", `${remote} has commits on ${branch} that are not here.`, {
        hint: `In ${path}: git pull --rebase ${remote} ${branch}, then try again.`,
        cause: error,
      });
    }
    throw new PanopticonError("forbidden", `The branch could not be pushed: ${words}`, {
      hint: `In ${path}: git push ${remote} ${branch} shows the full error.`,
      cause: error,
    });
  }
}

/** Whether a remote's branch has commits that the local one lacks. */
async function isBehind(git: WorkParts["git"], repository: string, remote: string, ref: string): Promise<boolean> {
  const [tip = ""] = (await git.ask(repository, ["ls-remote", "--heads", remote, ref]))?.split("\t") ?? [];
  return tip !== "" && (await git.ask(repository, ["merge-base", "--is-ancestor", tip, ref])) === null;
}

function titleOf({ issue }: Workspace, { title }: RequestWish, most: number): string {
  const words = plainLine(title ?? issue.title);
  return Array.from(words === "" ? plainLine(issue.ref) : words)
    .slice(0, most)
    .join("");
}

async function bodyOf({ issue }: Workspace, { body }: RequestWish, place: CodePlace): Promise<string> {
  const own = plainText(body ?? "").trim();
  const link = issue.issueId === null ? issue.ref : await place.linkWords(issue.issueId);
  return own === "" ? link : `${own}\n\n${link}`;
}

/** URLs may contain a password. */
function withoutLogin(text: string): string {
  return text.replace(/(\w:\/\/)[^@/\s]*@/g, "$1");
}
