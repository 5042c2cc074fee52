import type { BranchRequest } from "../../domain/workspace.ts";
import { createTurns } from "../in-turn.ts";
import type { StatusPorts } from "../signals/move-status.ts";
import type { WorkParts } from "../work-parts.ts";
import type { Workspaces } from "../workspaces/workspaces.ts";
import type { CodePorts } from "./code-place.ts";
import { noteRequest } from "./note-request.ts";
import { openRequest, type RequestWish } from "./open-request.ts";
import { createRequestWatcher } from "./watch-requests.ts";

/** Pull and merge requests of workspaces' branches. */
export type Requests = {
  /** Pushes the branch and opens a request, or returns the open one; see `openRequest` for what it throws. */
  open(workspaceId: number, wish: RequestWish): Promise<BranchRequest>;
  /** Looks for them once, and moves the issues whose requests were opened or merged. */
  look(signal?: AbortSignal): Promise<void>;
};

export function createRequests(parts: WorkParts & StatusPorts & CodePorts, workspaces: Workspaces): Requests {
  const inTurn = createTurns();
  const watch = createRequestWatcher(parts);
  return {
    // One at a time: a look must not record what it read before a request was opened.
    open: (id, wish) =>
      inTurn("requests", async () => {
        const { facts, ...workspace } = await workspaces.get(id);
        const { found, place } = await openRequest(parts, workspace, facts, wish);
        await noteRequest(parts, workspace, found, place);
        const { url, name, number, state, commit } = found;
        return { url, name, number, state, commit };
      }),
    look: (signal = AbortSignal.timeout(60_000)) => inTurn("requests", () => watch(signal)),
  };
}
