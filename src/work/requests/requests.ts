import { PanopticonError } from "../../domain/error.ts";
import type { BranchRequest } from "../../domain/workspace.ts";
import { createTurns } from "../in-turn.ts";
import type { StatusPorts } from "../signals/move-status.ts";
import type { WorkParts } from "../work-parts.ts";
import { stepLog } from "../workspaces/step-log.ts";
import type { Workspaces, WorkspaceWithFacts } from "../workspaces/workspaces.ts";
import type { CodePorts } from "./code-place.ts";
import { noteRequest } from "./note-request.ts";
import { openRequest, pushBranch, type PushedBranch, type RequestWish } from "./open-request.ts";
import { createRequestWatcher } from "./watch-requests.ts";

/** Pull and merge requests of workspaces' branches. */
export type Requests = {
  /** Pushes the branch and opens a request, or returns the open one; see `pushBranch` for what it throws. */
  open(workspaceId: number, wish: RequestWish): Promise<BranchRequest>;
  /** The push of a workspace's branch that is under way; null: none is. */
  push(workspaceId: number): Push | null;
  /** Ends a push that is under way: its `open` throws `conflict`. Throws `conflict` itself if there is none. */
  stopPush(workspaceId: number): void;
  /** Ends the pushes that are under way, and what their hooks run. */
  stop(): Promise<void>;
  /** Looks for them once, and moves the issues whose requests were opened or merged. */
  look(signal?: AbortSignal): Promise<void>;
};

export type Push = {
  readonly since: number;
  /** Where its output begins in the workspace's log. */
  readonly logFrom: number;
};

export function createRequests(parts: WorkParts & StatusPorts & CodePorts, workspaces: Workspaces): Requests {
  const inTurn = createTurns();
  const watch = createRequestWatcher(parts);
  const pushes = new Map<number, Push & { readonly stopping: AbortController; readonly ended: Promise<void> }>();
  const closing = new AbortController();

  async function push({ facts, ...workspace }: WorkspaceWithFacts): Promise<PushedBranch> {
    const { id, issue, state, step } = workspace;
    const log = stepLog(parts.home, id);
    const stopping = new AbortController();
    const ended = Promise.withResolvers<void>();
    const tell = () => parts.emit({ type: "workspace", id, ref: issue.ref, state, step });
    pushes.set(id, { since: parts.clock.now(), logFrom: log.end(), stopping, ended: ended.promise });
    tell();
    try {
      return await pushBranch(parts, workspace, facts, {
        signal: AbortSignal.any([stopping.signal, closing.signal]),
        onOutput: (chunk) => log.write(chunk),
      });
    } finally {
      pushes.delete(id);
      ended.resolve();
      tell();
    }
  }

  return {
    // A push takes as long as its hooks do: only its own workspace waits for it.
    open: (id, wish) =>
      inTurn(`push ${id}`, async () => {
        const { facts, ...workspace } = await workspaces.get(id);
        const pushed = await push({ ...workspace, facts });
        // One at a time: a look must not record what it read before a request was opened.
        return inTurn("requests", async () => {
          const found = await openRequest(workspace, pushed, wish);
          await noteRequest(parts, workspace, found, pushed.place);
          const { url, name, number, state, commit } = found;
          return { url, name, number, state, commit };
        });
      }),
    push(id) {
      const known = pushes.get(id);
      return known === undefined ? null : { since: known.since, logFrom: known.logFrom };
    },
    stopPush(id) {
      const known = pushes.get(id);
      if (known === undefined) throw new PanopticonError("conflict", "Nothing is being pushed from this workspace.");
      known.stopping.abort();
    },
    async stop() {
      closing.abort();
      await Promise.all([...pushes.values()].map(({ ended }) => ended));
    },
    look: (signal = AbortSignal.timeout(60_000)) => inTurn("requests", () => watch(signal)),
  };
}
