import { readFileSync } from "node:fs";
import { type Agent, type AgentState, isLiving } from "../../domain/agent.ts";
import { isPanopticonError, PanopticonError, toPanopticonError } from "../../domain/error.ts";
import type { Workspace } from "../../domain/workspace.ts";
import { createTurns } from "../in-turn.ts";
import { findTmux } from "../tmux/find-tmux.ts";
import type { NewWorkspaceFor } from "../workspaces/create-workspace.ts";
import { runCommands } from "../workspaces/run-commands.ts";
import { readPart, stepLog } from "../workspaces/step-log.ts";
import { workspaceEnvironment } from "../workspaces/workspace-environment.ts";
import type { Workspaces } from "../workspaces/workspaces.ts";
import { agentFiles, agentFolder } from "./agent-files.ts";
import type { AgentParts } from "./agent-parts.ts";
import { createCare } from "./care.ts";
import { endAgent, findEnd, runAfter, stoppedBeforeItBegan } from "./end-agent.ts";
import { createProfileFinder, type FoundProfile } from "./find-profiles.ts";
import { getProfile } from "./profiles.ts";
import { clearRun, startRun } from "./start-run.ts";

export type StartRequest = {
  readonly projectId: string;
  readonly issue: NewWorkspaceFor;
  /** The profile; absent: the project's, else claude. */
  readonly name?: string | undefined;
  readonly prompt: string;
  readonly plan: boolean;
  /** As the history writes who starts it. */
  readonly actor: string;
};

/** Coding agents in tmux. They outlive this process; a state is on disk before anybody is told of it. */
export type Agents = {
  /**
   * Starts an agent on an issue, in its workspace, which is made where there is none. The agent is on disk when this resolves; `running` resolves when its program runs, and rejects with
   * what kept it from that. Throws `not_found` without tmux or the program, `conflict` when one is at work there.
   */
  start(request: StartRequest): Promise<{ readonly agent: Agent; readonly running: Promise<Agent> }>;
  /** Living ones first, with what they last wrote. */
  list(): Promise<readonly Agent[]>;
  /** Throws `not_found`. */
  get(id: number): Promise<Agent>;
  /** Types a message and Enter. Throws `conflict` where nobody listens. */
  message(id: number, text: string): Promise<void>;
  /** Ends it; its workspace stays. One that has ended is fine. */
  stop(id: number, reason?: string): Promise<Agent>;
  /** Starts it again in its workspace, going on where it was as far as its program can. Throws `conflict` while it runs, or without its workspace. */
  resume(
    id: number,
    options?: { readonly prompt?: string | undefined },
  ): Promise<{ readonly agent: Agent; readonly running: Promise<Agent> }>;
  /** What it wrote, raw, from an offset (negative: from the end). */
  log(id: number, from: number): { readonly text: Buffer; readonly end: number };
  /** The terminal's content: what is on it now, or what was when it ended. Empty where nothing is known. */
  screen(id: number): Promise<string>;
  /** The profiles there are, and whether their programs are on this machine. */
  profiles(): Promise<readonly FoundProfile[]>;
  /** The command line that shows it in a terminal. */
  attachCommand(
    id: number,
    mode?: "terminal" | "control",
  ): Promise<{ readonly command: readonly string[]; readonly env: Readonly<Record<string, string>> }>;
  /** Ends whatever works in a workspace: it is going to be removed. */
  stopIn(workspaceId: number): Promise<void>;
  /** After a start: finds every agent again, or how it ended. */
  recover(): Promise<void>;
  /** Follows them from now on. */
  watch(): void;
  look(): Promise<void>;
  on(listener: (agent: Agent, state: AgentState, at: number) => void): () => void;
  stopWatching(): Promise<void>;
};

const defaultProfile = "claude";

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

  function withLive(agent: Agent): Agent {
    const live = care.live(agent.id);
    return live === null
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
      if (await endAgent(parts, agent, { state: "stopped", at, exitCode: null, reason: reason ?? null })) {
        onState(agent, "stopped", at);
        await runAfter(parts, agent);
      }
      return get(id);
    });

  /** From `starting` to `running`; what goes wrong is the agent's failure. */
  async function run(agent: Agent, ready: Promise<Workspace>, resume: boolean): Promise<Agent> {
    // The tracker is asked while the workspace is made.
    const issue = agent.issue.issueId === null ? Promise.resolve(null) : parts.readIssue(agent.issue.issueId);
    issue.catch(() => undefined);
    try {
      const workspace = await ready;
      const profile = getProfile(parts.profiles(), agent.name);
      await beforeRun(workspace);
      if ((await get(agent.id)).state !== "starting") throw stoppedMeanwhile();
      const text = await issue;
      // Before it runs: what it says in its first moment counts.
      const at = clock.now();
      await startRun(parts, { agent, profile, workspace, issue: text, resume });
      const change = await records.agents.update(
        agent.id,
        { state: "running", since: at, reason: null },
        { states: ["starting"] },
      );
      if (change === null) {
        await tmux.kill(agent.session);
        throw stoppedMeanwhile();
      }
      parts.changed(change);
      const running = await get(agent.id);
      care.watch(running);
      parts.emit({ type: "agent", id: agent.id, ref: agent.issue.ref, state: "running" });
      onState(running, "running", at);
      return running;
    } catch (error) {
      const { message } = toPanopticonError(error);
      const at = clock.now();
      if (await endAgent(parts, agent, { state: "failed", at, exitCode: null, reason: message }))
        onState(agent, "failed", at);
      throw error;
    }
  }

  async function beforeRun(workspace: Workspace): Promise<void> {
    const settings = parts.projects().find(({ id }) => id === workspace.project)?.work.workspace;
    if (settings === undefined) return;
    await runCommands(settings.beforeRun, {
      cwd: workspace.path,
      env: workspaceEnvironment(parts, workspace),
      timeoutMs: settings.timeoutMs,
      log: stepLog(parts.home, workspace.id),
    });
  }

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
        return { agent, running: follow(run(agent, ready, false)) };
      }),
    list: async () => (await records.agents.list()).map(withLive),
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
        return { agent: again, running: follow(run(again, ready, true)) };
      }),
    log: (id, from) => readPart(agentFiles(agentFolder(parts.home, id)).log, from),
    profiles: createProfileFinder(parts),
    async screen(id) {
      const agent = await get(id);
      const now = await tmux.capture(agent.session, { history: true, colours: true });
      return now ?? readScreen(agentFiles(agentFolder(parts.home, id)).screen);
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
    async recover() {
      const agents = await records.agents.list();
      const sessions = new Map((await listSessions()).map((session) => [session.name, session]));
      for (const agent of agents) {
        const session = sessions.get(agent.session);
        sessions.delete(agent.session);
        if (session !== undefined && !session.dead) await found(agent);
        else if (session !== undefined || isLiving(agent.state)) await foundEnded(agent, session?.exitCode);
      }
      // Nobody knows these: their records are gone.
      for (const name of sessions.keys()) if (/^agent-\d+$/.test(name)) await tmux.kill(name);
    },
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

  /** Without tmux there are no sessions. */
  async function listSessions() {
    try {
      return await tmux.list();
    } catch (error) {
      if (isPanopticonError(error) && error.code === "not_found") return [];
      throw error;
    }
  }

  async function found(agent: Agent): Promise<void> {
    if (agent.state === "starting") {
      // What it said before it was found counts.
      const since = agent.startedAt;
      const change = await records.agents.update(agent.id, { state: "running", since }, { states: ["starting"] });
      if (change !== null) parts.changed(change);
      onState(agent, "running", agent.startedAt);
    }
    if (isLiving(agent.state) || agent.state === "finished") care.watch(await get(agent.id));
    else await tmux.kill(agent.session);
  }

  async function foundEnded(agent: Agent, tmuxExit: number | null | undefined): Promise<void> {
    const known = findEnd(parts, agent, tmuxExit);
    const neverBegan = agent.state === "starting" && known.state === "lost";
    const end = neverBegan ? { ...known, state: "failed" as const, reason: stoppedBeforeItBegan } : known;
    if (!(await endAgent(parts, agent, end))) return;
    onState(agent, end.state, end.at);
    await runAfter(parts, agent);
  }
}

function stoppedMeanwhile(): PanopticonError {
  return new PanopticonError("conflict", "It was stopped before it began.");
}

function readScreen(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}
