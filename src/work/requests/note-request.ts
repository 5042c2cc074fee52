import type { FoundRequest } from "../../domain/code-host.ts";
import type { BranchRequest, Workspace } from "../../domain/workspace.ts";
import { moveBySignal, type StatusPorts, type WorkSignal } from "../signals/move-status.ts";
import type { WorkParts } from "../work-parts.ts";
import type { CodePlace } from "./code-place.ts";

/**
 * Writes down how a branch's request stands, and moves the issue with it: opened is in review, merged is done. The move comes first: when this process ends between the two, it is
 * made again, and changes nothing. Gives whether there was any news.
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

/** The request that a branch stands for now: an open one, else the newest. */
export function pickRequest(requests: readonly FoundRequest[]): FoundRequest | undefined {
  const newestFirst = requests.toSorted((a, b) => b.number - a.number);
  return newestFirst.find(({ state }) => state === "open") ?? newestFirst[0];
}
