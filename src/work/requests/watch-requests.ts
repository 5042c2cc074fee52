import type { FoundRequest } from "../../domain/code-host.ts";
import { isPanopticonError } from "../../domain/error.ts";
import type { Workspace } from "../../domain/workspace.ts";
import { openRepository } from "../git/repository.ts";
import type { StatusPorts } from "../signals/move-status.ts";
import type { WorkParts } from "../work-parts.ts";
import { addressesOf, type CodePlace, type CodePorts } from "./code-place.ts";
import { noteRequest, pickRequest } from "./note-request.ts";
import { followBranches } from "../workspaces/follow-branch.ts";

/** The maximum number of branches requested individually per look and repository; the others follow in the next one. */
const maxSingly = 10;
/** How long a failed host is left alone, unless it stated a time. */
const restMs = 60_000;

/** What is remembered about a repository between two looks. */
type Seen = {
  etag: string | null;
  requests: readonly FoundRequest[];
  /** Whether the first look found all existing requests. */
  isAll: boolean;
  newest: number;
  /** Branches that were requested individually. */
  readonly asked: Set<string>;
  restUntil: number;
};

/**
 * Finds the requests of workspaces' branches. A repository gets one conditional request for the latest changes, whatever the number of its branches; a branch
 * pushed before the start of that list is requested individually, once. Repositories without a pushed branch get no requests.
 */
export function createRequestWatcher(
  parts: WorkParts & StatusPorts & CodePorts,
): (signal: AbortSignal) => Promise<void> {
  const seen = new Map<string, Seen>();

  return async (signal) => {
    const places = new Map<string, { readonly place: CodePlace; readonly workspaces: Workspace[] }>();
    const workspaces = await parts.records.workspaces.list();
    for (const [repository, own] of Map.groupBy(workspaces, (workspace) => workspace.repository)) {
      const pushed = await findPushed(parts, repository, own);
      for (const { place, workspace } of pushed) {
        const entry = places.get(place.id) ?? { place, workspaces: [] };
        entry.workspaces.push(workspace);
        places.set(place.id, entry);
      }
    }
    for (const [id, { place, workspaces: own }] of places) {
      if (signal.aborted) return;
      const memory = seen.get(id) ?? {
        etag: null,
        requests: [],
        isAll: false,
        newest: 0,
        asked: new Set(),
        restUntil: 0,
      };
      seen.set(id, memory);
      if (memory.restUntil > parts.clock.now()) continue;
      try {
        await lookAt(parts, place, own, memory, signal);
      } catch (error) {
        if (!isPanopticonError(error)) throw error;
        // The connection's own state shows what is wrong with it.
        memory.restUntil = error.retryAt ?? parts.clock.now() + restMs;
      }
    }
  };
}

async function lookAt(
  parts: WorkParts & StatusPorts,
  place: CodePlace,
  workspaces: readonly Workspace[],
  memory: Seen,
  signal: AbortSignal,
): Promise<void> {
  const host = place.host();
  const news = await host.newestRequests(place.repository, memory.etag, signal);
  if (news !== null) {
    // More changed than one response lists, so branches requested before may have changed unseen.
    if (memory.newest > 0 && !news.isAll && (news.oldest ?? 0) > memory.newest) memory.asked.clear();
    Object.assign(memory, { etag: news.etag, requests: news.requests, isAll: news.isAll });
    memory.newest = Math.max(memory.newest, ...news.requests.map(({ updatedAt }) => updatedAt));
  }
  let left = maxSingly;
  for (const workspace of workspaces) {
    const { branch } = workspace;
    let requests = memory.requests.filter((one) => one.branch === branch);
    if (requests.length === 0 && !memory.isAll && !memory.asked.has(branch) && left > 0) {
      left -= 1;
      requests = [...(await host.requestsOf(place.repository, branch, signal))];
      memory.asked.add(branch);
    }
    const found = pickRequest(requests);
    const isOlder = found !== undefined && workspace.request !== null && found.number < workspace.request.number;
    if (found !== undefined && !isOlder) await noteRequest(parts, workspace, found, place);
  }
}

/** The workspaces of a checkout whose branch is on the remote, or was when its request was last seen open. */
async function findPushed(
  parts: WorkParts & CodePorts,
  repository: string,
  workspaces: readonly Workspace[],
): Promise<readonly { readonly place: CodePlace; readonly workspace: Workspace }[]> {
  try {
    const { remote } = await openRepository(parts.git, repository);
    if (remote === null) return [];
    const format = "--format=%(refname:lstrip=3)";
    const refs = await parts.git.ask(repository, ["for-each-ref", format, `refs/remotes/${remote}`]);
    const branches = new Set((refs ?? "").split("\n"));
    const followed = await followBranches(parts, repository, workspaces);
    const pushed = followed.filter(({ branch, request }) => branches.has(branch) || request?.state === "open");
    if (pushed.length === 0) return [];
    const addresses = await addressesOf(parts.git, repository, remote);
    return pushed.flatMap((workspace) => {
      const place = parts.findCode(addresses, workspace.project);
      return place === null ? [] : [{ place, workspace }];
    });
  } catch (error) {
    // A missing checkout has nothing to watch.
    if (isPanopticonError(error)) return [];
    throw error;
  }
}
