import { type Agent, type AgentState, isLiving } from "../../domain/agent.ts";
import { isPanopticonError, PanopticonError, toPanopticonError } from "../../domain/error.ts";
import { createTurns } from "../in-turn.ts";
import { readOptional } from "../read-optional.ts";
import { findTmux } from "../tmux/find-tmux.ts";
import type { Workspaces } from "../workspaces/workspaces.ts";
import { agentFiles, agentFolder } from "./agent-files.ts";
import type { AgentParts } from "./agent-parts.ts";
import type { Agents } from "./agents.ts";
import { createCare } from "./care.ts";
import { endAgent, runAfter } from "./end-agent.ts";
import { createProfileFinder } from "./find-profiles.ts";
import { getProfile } from "./profiles.ts";
import { readLog } from "./read-log.ts";
import { recoverAgents } from "./recover-agents.ts";
import { runAgent } from "./run-agent.ts";
import { clearRun } from "./start-run.ts";

const defaultProfile = "claude";

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

  /** Sessions of a workspace whose agents said that they are done, and stayed. */
  async function clearSessions(workspaceId: number): Promise<void> {
    for (const agent of await records.agents.list()) {
      if (agent.workspaceId !== workspaceId || isLiving(agent.state) || care.live(agent.id) === null) continue;
      care.forget(agent.id);
      await endAgent(parts, agent, { state: "finished", at: clock.now(), exitCode: agent.exitCode, reason: null });
    }
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

  return {
    start: ({ projectId, issue, name, prompt, plan, actor }) =>
      inTurn(`issue ${issue.issueId}`, async () => {
        await checkTmux();
        const project = parts.projects().find(({ id }) => id === projectId);
        const { id: profile } = getProfile(parts.profiles(), name ?? project?.agent ?? defaultProfile);
        const { workspace, isNew, ready } = await workspaces.create(projectId, issue);
        if (!isNew) await clearSessions(workspace.id);
        const { agent, change } = await records.agents.add({
          issueId: issue.issueId,
          workspaceId: workspace.id,
          project: projectId,
          name: profile,
          plan,
          prompt,
          actor,
          at: clock.now(),
        });
        agentFiles(agentFolder(parts.home, agent.id)).remove();
        parts.changed(change);
        parts.emit({ type: "agent", id: agent.id, ref: agent.issue.ref, state: "starting" });
        return { agent, running: follow(runAgent(parts, living, { agent, ready, resume: false })) };
      }),
    ids: () => records.agents.ids(),
    list: async (ids) =>
      (await (ids === undefined ? records.agents.list() : records.agents.findAll(ids))).map(withLive),
    get,
    async message(id, text) {
      const agent = await get(id);
      if (!isLiving(agent.state) && care.live(id) === null) {
        throw new PanopticonError("conflict", `The agent ${id} has ended; nobody would read this.`, {
          hint: `Start it again first: pan agent resume ${id}.`,
        });
      }
      if (agent.state === "starting") {
        throw new PanopticonError("busy", `The agent ${id} is just starting.`, { hint: "Try again in a moment." });
      }
      const at = clock.now();
      await tmux.say(agent.session, text);
      // What it says from here on is its answer: it may have said that it is done before tmux tells that the text was typed.
      care.answered(id, at);
      const change = await records.agents.update(
        id,
        { state: "running", since: at, reason: null, endedAt: null },
        { states: ["waiting", "finished"], since: at },
      );
      if (change === null) return;
      parts.changed(change);
      parts.emit({ type: "agent", id, ref: agent.issue.ref, state: "running" });
      onState(agent, "running", at);
    },
    stop,
    async stopIn(workspaceId) {
      for (const agent of await records.agents.list()) {
        if (agent.workspaceId === workspaceId && isLiving(agent.state))
          await stop(agent.id, "its workspace is removed");
      }
      await clearSessions(workspaceId);
    },
    resume: (id, { prompt } = {}) =>
      inTurn(`agent ${id}`, async () => {
        const agent = await get(id);
        if (isLiving(agent.state)) {
          throw new PanopticonError("conflict", `The agent ${id} is at work; there is nothing to resume.`, {
            hint: `Send it a message: pan agent send ${id} TEXT.`,
          });
        }
        await checkTmux();
        const { issueId, ref, title } = agent.issue;
        if (agent.workspaceId === null || issueId === null) {
          throw new PanopticonError("conflict", `The workspace of the agent ${id} is gone, or its issue.`, {
            hint: `Start a new one: pan agent start ${ref}.`,
          });
        }
        const { workspace, ready } = await workspaces.create(agent.project, { issueId, ref, title });
        care.forget(id);
        await tmux.kill(agent.session);
        await clearSessions(workspace.id);
        clearRun(parts, id);
        const at = clock.now();
        const change = await records.agents.update(
          id,
          {
            state: "starting",
            since: at,
            startedAt: at,
            endedAt: null,
            exitCode: null,
            reason: null,
            turn: agent.turn + 1,
          },
          { states: ["finished", "failed", "stopped", "lost"] },
        );
        if (change === null)
          throw new PanopticonError("conflict", `The agent ${id} is being started by somebody else.`);
        parts.changed(change);
        const again = { ...(await get(id)), ...(prompt === undefined ? {} : { prompt }) };
        return { agent: again, running: follow(runAgent(parts, living, { agent: again, ready, resume: true })) };
      }),
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
