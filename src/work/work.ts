import { type Agent, type AgentState, isLiving } from "../domain/agent.ts";
import { isPanopticonError, PanopticonError } from "../domain/error.ts";
import { statusLabels } from "../domain/status.ts";
import type { AgentParts } from "./agents/agent-parts.ts";
import type { Agents } from "./agents/agents.ts";
import { createAgents } from "./agents/create-agents.ts";
import type { CodePorts } from "./requests/code-place.ts";
import { createRequests, type Requests } from "./requests/requests.ts";
import { moveBySignal, signalOf, type StatusPorts, target } from "./signals/move-status.ts";
import { createRelatedFollower, type RelatedPorts } from "./state/follow-related.ts";
import type { WorkEvent } from "./work-parts.ts";
import { createTerminals, type Terminals } from "./terminal/terminals.ts";
import { createWorkspaces, type Workspaces } from "./workspaces/workspaces.ts";

export type WorkOptions = Omit<AgentParts, "emit"> &
  StatusPorts &
  RelatedPorts &
  CodePorts & {
    /** The interval at which requests of workspaces' branches are looked for, in milliseconds. */
    readonly requestsMs: () => number;
  };

const notMoved = "was not moved by its agent";

/** The interval at which STATE.md of running agents is read. */
const relatedMs = 2_000;

/** Workspaces, their agents, and the effects on their issues. */
export type Work = {
  readonly workspaces: Workspaces;
  readonly agents: Agents;
  readonly terminals: Terminals;
  readonly requests: Requests;
  /** Removes a workspace and ends the agents in it: see `Workspaces.remove` and `Agents.stopIn`. */
  removeWorkspace(id: number, options: { readonly force: boolean }): Promise<{ readonly kept: string | null }>;
  on(listener: (event: WorkEvent) => void): () => void;
  /** Resolves when all moves caused by agents' states so far are made or refused. */
  settled(): Promise<void>;
  /** Recovers what an earlier process left, and takes care of agents from now on. */
  start(): Promise<void>;
  /** Agents continue; workspaces being created are interrupted, to be continued later. */
  stop(): Promise<void>;
};

export function createWork(options: WorkOptions): Work {
  const listeners = new Set<(event: WorkEvent) => void>();
  const parts: AgentParts = {
    ...options,
    emit: (event) => {
      for (const listener of listeners) listener(event);
    },
  };
  const workspaces = createWorkspaces(parts);
  const agents = createAgents(parts, workspaces);
  const terminals = createTerminals({ agents, tmux: options.tmux, clock: options.clock });
  const work = { ...options, ...parts };
  const requests = createRequests(work, workspaces);
  const moving = new Set<Promise<void>>();
  const followRelated = createRelatedFollower(options);
  const stopping = new AbortController();
  let following: Promise<unknown> = Promise.resolve();

  /** A move refused by the tracker does not stop an agent: the outbox, or the log, tells why. */
  function follows(work: Promise<void>): void {
    const move = work.catch((error: unknown) => process.emitWarning(error instanceof Error ? error : String(error)));
    moving.add(move);
    void move.then(() => moving.delete(move));
  }

  const leave = agents.on((agent, state, at) => {
    follows(
      (async () => {
        await moveFor(agent, state, at);
        if (!isLiving(state)) await relatedOf(agent);
      })(),
    );
  });

  async function moveFor(agent: Agent, state: AgentState, at: number, isRepeated = false): Promise<void> {
    const hasCommits =
      state === "finished" && agent.workspaceId !== null && (await workspaces.get(agent.workspaceId)).facts.ahead > 0;
    const signal = signalOf(agent, state, at, hasCommits);
    if (signal === null) return;
    try {
      if (await moveBySignal(options, signal, { isRepeated })) await noteMove(agent, null);
    } catch (error) {
      if (!isPanopticonError(error)) throw error;
      const refused = `${agent.issue.ref} ${notMoved} to ${statusLabels[target[signal.kind]]}: ${error.message}`;
      await noteMove(agent, refused);
      throw new PanopticonError(error.code, refused, { hint: error.hint, cause: error });
    }
  }

  /** Notes with the workspace why an agent did not move its issue; null: it did. */
  async function noteMove({ workspaceId }: Agent, refused: string | null): Promise<void> {
    const { records, changed } = options;
    const workspace = workspaceId === null ? null : await records.workspaces.find(workspaceId);
    if (workspace === null) return;
    const others = workspace.notes.filter((note) => !note.includes(notMoved));
    const notes = refused === null ? others : [...others, refused];
    if (notes.length === workspace.notes.length && notes.every((note, at) => note === workspace.notes[at])) return;
    changed(await records.workspaces.update(workspace.id, { notes }));
    parts.emit({
      type: "workspace",
      id: workspace.id,
      ref: workspace.issue.ref,
      state: workspace.state,
      step: workspace.step,
    });
  }

  /** Repeats moves that were lost if a process ended between an agent's new state and the move of its issue. */
  async function repeatSignals(): Promise<void> {
    const seen = new Set<number>();
    for (const agent of await options.records.agents.list({ endedLimit: 10 })) {
      const { issueId } = agent.issue;
      if (issueId === null || seen.has(issueId)) continue;
      seen.add(issueId);
      if (agent.state === "waiting") await moveFor(agent, "running", agent.startedAt, true);
      else await moveFor(agent, agent.state, agent.since, true);
    }
  }

  async function relatedOf(agent: Agent): Promise<void> {
    if (agent.workspaceId === null) return;
    const workspace = await options.records.workspaces.find(agent.workspaceId);
    if (workspace !== null) await followRelated(agent, workspace);
  }

  async function follow(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        for (const agent of await options.records.agents.list({ endedLimit: 0 })) await relatedOf(agent);
      } catch (error) {
        process.emitWarning(error instanceof Error ? error : String(error));
      }
      await options.clock.sleep(relatedMs, stopping.signal).catch(() => undefined);
    }
  }

  async function watchRequests(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await requests.look(stopping.signal);
      } catch (error) {
        if (!stopping.signal.aborted) process.emitWarning(error instanceof Error ? error : String(error));
      }
      await options.clock.sleep(options.requestsMs(), stopping.signal).catch(() => undefined);
    }
  }

  return {
    workspaces,
    agents,
    terminals,
    requests,
    removeWorkspace: (id, { force }) => workspaces.remove(id, { force, empty: () => agents.stopIn(id) }),
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async settled() {
      await Promise.allSettled(moving);
    },
    async start() {
      await workspaces.recover();
      await agents.recover();
      agents.watch();
      follows(repeatSignals());
      following = Promise.all([follow(), watchRequests()]);
    },
    async stop() {
      stopping.abort();
      terminals.close();
      await following;
      const left = agents.stopWatching();
      await Promise.all([requests.stop(), workspaces.stop()]);
      await left;
      leave();
      await Promise.allSettled(moving);
    },
  };
}
