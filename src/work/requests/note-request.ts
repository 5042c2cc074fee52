import type { FoundRequest } from "../../domain/code-host.ts";
import type { BranchRequest, Workspace } from "../../domain/workspace.ts";
import { moveBySignal, type StatusPorts, type WorkSignal } from "../signals/move-status.ts";
import type { WorkParts } from "../work-parts.ts";
import type { CodePlace } from "./code-place.ts";

/**
 * Records the state of a branch's request and moves the issue with it: opened means in review, merged means done. The move comes first: if this process ends
 * between the two, the move is repeated without effect. Returns whether anything was new.
 */
export async function noteRequest(
  parts: WorkParts & StatusPorts,
  workspace: Workspace,
  found: FoundRequest,
  place: Pick<CodePlace, "toLocal">,
): Promise<boolean> {
  const { url, name, number, state, commit } = found;
  const request: BranchRequest = { url, name, number, state, commit };
  const known = workspace.request;
  if (known !== null && known.number === number && known.state === state && known.commit === commit) return false;
  const isNews = known === null || known.number !== number || known.state !== state;
  const signal = isNews ? signalOf(workspace, found, place) : null;
  if (signal !== null) await moveBySignal(parts, signal);
  parts.changed(await parts.records.workspaces.update(workspace.id, { request }));
  const { id, issue, state: stands, step } = workspace;
  parts.emit({ type: "workspace", id, ref: issue.ref, state: stands, step });
  return true;
}

function signalOf(
  { issue, project }: Workspace,
  { state, openedAt, mergedAt }: FoundRequest,
  { toLocal }: Pick<CodePlace, "toLocal">,
): WorkSignal | null {
  const { issueId } = issue;
  if (issueId === null || state === "closed") return null;
  const signal = { issueId, project, actor: { kind: "panopticon" } } as const;
  return state === "merged"
    ? { ...signal, kind: "merged", at: toLocal(mergedAt ?? openedAt) }
    : { ...signal, kind: "handed_in", at: toLocal(openedAt) };
}

/** The request that represents a branch: an open one, else the newest. */
export function pickRequest(requests: readonly FoundRequest[]): FoundRequest | undefined {
  const newestFirst = requests.toSorted((a, b) => b.number - a.number);
  return newestFirst.find(({ state }) => state === "open") ?? newestFirst[0];
}
