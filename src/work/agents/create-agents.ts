import { type Agent, type AgentState, isLiving } from "../../domain/agent.ts";
import { isPanopticonError, PanopticonError, toPanopticonError } from "../../domain/error.ts";
import { createTurns } from "../in-turn.ts";
import { readOptional } from "../read-optional.ts";
import { findTmux } from "../tmux/find-tmux.ts";
import type { Workspaces } from "../workspaces/workspaces.ts";
import { agentFiles, agentFolder } from "./agent-files.ts";
import type { AgentParts } from "./agent-parts.ts";
import type { Agents } from "./agents.ts";
import { resumeAgent, startAgent } from "./begin-agent.ts";
import { createCare } from "./care.ts";
import { clearSessions } from "./clear-sessions.ts";
import { endAgent, runAfter } from "./end-agent.ts";
import { createProfileFinder } from "./find-profiles.ts";
import { messageAgent } from "./message-agent.ts";
import { readLog } from "./read-log.ts";
import { recoverAgents } from "./recover-agents.ts";

/** Agents whose records, sessions and files are those of `parts`; `workspaces` makes what they work in. */
export function createAgents(parts: AgentParts, workspaces: Workspaces): Agents {
  const { records, tmux, clock } = parts;
  const inTurn = createTurns();
  const listeners = new Set<(agent: Agent, state: AgentState, at: number) => void>();
  const onState = (agent: Agent, state: AgentState, at: number) => {
    for (const listener of listeners) listener(agent, state, at);
  };
  const care = createCare(parts, { onState });
  const starting = new Set<Promise<unknown>>();

  /** Once found, it stays. */
  let hasTmux = false;
  async function checkTmux(): Promise<void> {
    if (!hasTmux) await findTmux(tmux.env);
    hasTmux = true;
  }

  async function get(id: number): Promise<Agent> {
    const agent = await records.agents.find(id);
    if (agent === null) {
      throw new PanopticonError("not_found", `There is no agent ${id}.`, { hint: "pan agent list shows them." });
    }
    return withLive(agent);
  }

  const living = { care, onState, get };

  function withLive(agent: Agent): Agent {
    // Once its end is written down, that holds its last words; its session goes a moment later.
    const isOver = !isLiving(agent.state) && (agent.state !== "finished" || agent.exitCode !== null);
    const live = care.live(agent.id);
    return live === null || isOver
      ? agent
      : { ...agent, lastLine: live.lastLine ?? agent.lastLine, lastOutputAt: live.lastOutputAt };
  }

  const stop = (id: number, reason?: string): Promise<Agent> =>
    inTurn(`agent ${id}`, async () => {
      const agent = await get(id);
      care.forget(id);
      const at = clock.now();
      const end = { state: "stopped", at, exitCode: null, reason: reason ?? null } as const;
      const isNews = await endAgent(parts, agent, end).catch((error: unknown) => {
        if (isLiving(agent.state) && agent.state !== "starting") care.watch(agent);
        throw error;
      });
      if (isNews) {
        onState(agent, "stopped", at);
        await runAfter(parts, agent);
      }
      return get(id);
    });

  function follow(running: Promise<Agent>): Promise<Agent> {
    starting.add(running);
    const forget = () => starting.delete(running);
    // Whoever does not wait for it finds the failure with the agent.
    running.then(forget, (error: unknown) => {
      forget();
      if (!isPanopticonError(error)) process.emitWarning(toPanopticonError(error));
    });
    return running;
  }

  const beginning = { parts, living, workspaces, checkTmux, follow };

  return {
    start: (request) => inTurn(`issue ${request.issue.issueId}`, () => startAgent(beginning, request)),
    ids: () => records.agents.ids(),
    list: async (ids) =>
      (await (ids === undefined ? records.agents.list() : records.agents.findAll(ids))).map(withLive),
    get,
    message: (id, text) => messageAgent(beginning, id, text),
    stop,
    async stopIn(workspaceId) {
      for (const agent of await records.agents.list()) {
        if (agent.workspaceId === workspaceId && isLiving(agent.state))
          await stop(agent.id, "its workspace is removed");
      }
      await clearSessions(beginning, workspaceId);
    },
    resume: (id, options = {}) => inTurn(`agent ${id}`, () => resumeAgent(beginning, id, options)),
    log: (id, from) => readLog(agentFiles(agentFolder(parts.home, id)).log, from),
    profiles: createProfileFinder(parts),
    async screen(id) {
      const agent = await get(id);
      const now = await tmux.capture(agent.session, { history: true, colours: true });
      return now ?? readOptional(agentFiles(agentFolder(parts.home, id)).screen) ?? "";
    },
    async attachCommand(id, mode) {
      const agent = await get(id);
      const sessions = await tmux.list();
      if (sessions.some(({ name }) => name === agent.session)) {
        return { command: tmux.attachCommand(agent.session, mode), env: tmux.env };
      }
      throw new PanopticonError("conflict", `The agent ${id} has ended; there is no terminal to look at.`, {
        hint: `pan agent logs ${id} shows what it wrote, pan agent resume ${id} starts it again.`,
      });
    },
    recover: () => recoverAgents(parts, living),
    watch: () => care.start(),
    look: () => care.look(),
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async stopWatching() {
      await care.stop();
      await Promise.allSettled(starting);
    },
  };
}
