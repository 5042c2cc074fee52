import type { Agent, AgentState } from "../../domain/agent.ts";
import { PanopticonError } from "../../domain/error.ts";
import { createTurns } from "../in-turn.ts";
import { findTmux } from "../tmux/find-tmux.ts";
import type { Workspaces } from "../workspaces/workspaces.ts";
import { agentFiles, agentFolder } from "./agent-files.ts";
import type { AgentParts } from "./agent-parts.ts";
import { findAttachCommand, readScreen } from "./agent-terminal.ts";
import type { Agents } from "./agents.ts";
import { resumeAgent, startAgent } from "./begin-agent.ts";
import { createCare, withLive } from "./care.ts";
import { stoppedBeforeItBegan } from "./end-agent.ts";
import { createProfileFinder } from "./find-profiles.ts";
import { messageAgent } from "./message-agent.ts";
import { readLog } from "./read-log.ts";
import { recoverAgents } from "./recover-agents.ts";
import { createRunHooks } from "./run-hooks.ts";
import { createRunsUnderWay } from "./runs-under-way.ts";
import { stopAgent, stopAgentsIn } from "./stop-agent.ts";

/** Creates agents with the records, sessions and files of `parts`; `workspaces` creates their workspaces. */
export function createAgents(parts: AgentParts, workspaces: Workspaces): Agents {
  const { records, tmux, home } = parts;
  const inTurn = createTurns();
  const listeners = new Set<(agent: Agent, state: AgentState, at: number) => void>();
  const onState = (agent: Agent, state: AgentState, at: number) => {
    for (const listener of listeners) listener(agent, state, at);
  };
  const hooks = createRunHooks(parts);
  const care = createCare(parts, { onState, hooks });
  const runs = createRunsUnderWay();

  /** Checked only until it is found. */
  let hasTmux = false;
  async function checkTmux(): Promise<void> {
    if (!hasTmux) await findTmux(tmux.env);
    hasTmux = true;
  }

  async function get(id: number): Promise<Agent> {
    const agent = await records.agents.find(id);
    if (agent !== null) return withLive(care, agent);
    throw new PanopticonError("not_found", `There is no agent ${id}.`, {
      hint: "List the agents with pan agent list.",
    });
  }

  async function list(ids: readonly number[] | undefined): Promise<readonly Agent[]> {
    const agents = await (ids === undefined ? records.agents.list() : records.agents.findAll(ids));
    return agents.map((agent) => withLive(care, agent));
  }

  const living = { care, hooks, onState, get };
  const beginning = { parts, living, workspaces, checkTmux, runs };
  const stop = (id: number, reason: string | null = null) =>
    inTurn(`agent ${id}`, () => stopAgent(beginning, id, reason));

  return {
    start: (request) => inTurn(`issue ${request.issue.issueId}`, () => startAgent(beginning, request)),
    ids: () => records.agents.ids(),
    list,
    get,
    message: (id, text, meant) => messageAgent(beginning, id, text, meant),
    stop,
    stopIn: (workspaceId) => stopAgentsIn(beginning, workspaceId, stop),
    isAfterRun: (workspaceId) => hooks.isAfter(workspaceId),
    settled: () => hooks.settled(),
    resume: (id, options = {}) => inTurn(`agent ${id}`, () => resumeAgent(beginning, id, options)),
    log: (id, from) => readLog(agentFiles(agentFolder(home, id)).log, from),
    profiles: createProfileFinder(parts),
    screen: async (id) => readScreen(parts, await get(id)),
    attachCommand: async (id, mode) => findAttachCommand(parts, await get(id), mode),
    recover: () => recoverAgents(parts, living),
    watch: () => care.start(),
    look: () => care.look(),
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async stopWatching() {
      const ended = runs.stop(stoppedBeforeItBegan);
      await care.stop();
      await ended;
      await hooks.breakOff("Interrupted: Panopticon was stopped.");
    },
  };
}
