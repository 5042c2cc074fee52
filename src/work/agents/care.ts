import { statSync } from "node:fs";
import { type Agent, type AgentChoice, type AgentState, isLiving } from "../../domain/agent.ts";
import { toPanopticonError } from "../../domain/error.ts";
import { repeat } from "../repeat.ts";
import { agentFiles, agentFolder } from "./agent-files.ts";
import type { AgentParts } from "./agent-parts.ts";
import { endRun } from "./end-run.ts";
import { endAgent, findEnd } from "./end-agent.ts";
import { lastLineOf } from "./last-line.ts";
import { readChoice } from "./choice/read-choice.ts";
import type { ScreenChoice } from "./choice/screen-choice.ts";
import { turnLog } from "./read-log.ts";
import type { RunHooks } from "./run-hooks.ts";
import { type AgentWatch, watchAgent } from "./watch-agent.ts";

/** The interval of checks for signals, exits and output. */
const lookMs = 250;
/** The interval of checks for sessions that disappeared. */
const sessionsMs = 2_000;
/** The interval of reading the last lines of screens. */
const linesMs = 1_000;
/** A longer log is rotated; the previous one is kept. */
const maxLogBytes = 32 * 1024 * 1024;

/** What is known about a living agent in addition to its record. */
export type Live = {
  readonly lastLine: string | null;
  readonly lastOutputAt: number;
  readonly choices: readonly AgentChoice[];
};

export type Care = {
  /** Watches an agent whose session runs. */
  watch(agent: Agent): void;
  /** Stops watching an agent and reading its signals. */
  forget(id: number): void;
  /** Records when the user wrote to it. */
  answered(id: number, at: number): void;
  live(id: number): Live | null;
  /** Checks all agents once. */
  look(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
};

export type CareOptions = {
  readonly hooks: Pick<RunHooks, "after" | "hold">;
  /** Called when an agent's state changed, with the time, after the change is on disk. */
  readonly onState: (agent: Agent, state: AgentState, at: number) => void;
};

type Watched = {
  agent: Agent;
  readonly watch: AgentWatch;
  lastLine: string | null;
  choice: ScreenChoice | null;
};

/** Watches agents: their signals, exits and last output. */
export function createCare(parts: AgentParts, { onState, hooks }: CareOptions): Care {
  const { records, tmux, clock } = parts;
  const watched = new Map<number, Watched>();
  const stopping = new AbortController();
  let looking: Promise<void> = Promise.resolve();
  let sessionsAt = 0;
  let linesAt = 0;

  async function lookAt(entry: Watched): Promise<void> {
    const { agent, watch } = entry;
    const seen = watch.look(entry.choice?.question ?? null);
    if (seen !== null) {
      const change = await records.agents.update(agent.id, {
        ...seen.patch,
        ...(seen.state === "finished" && { endedAt: seen.at }),
        ...(isLiving(seen.state) && { endedAt: null }),
        lastLine: entry.lastLine,
        lastOutputAt: watch.lastOutputAt(),
      });
      if (change !== null) parts.changed(change);
      if (seen.patch.state !== undefined) {
        entry.agent = { ...agent, ...seen.patch };
        parts.emit({ type: "agent", id: agent.id, ref: agent.issue.ref, state: seen.state });
        onState(entry.agent, seen.state, seen.at);
      }
    }
    const files = agentFiles(agentFolder(parts.home, agent.id));
    if (files.readExit() !== null) await ended(entry, undefined);
    else await keepLogSmall(agent, files.log);
  }

  async function ended(entry: Watched, tmuxExit: number | null | undefined): Promise<void> {
    const end = findEnd(parts, entry.agent, tmuxExit);
    const isNews = await endAgent(parts, { ...entry.agent, lastLine: entry.lastLine }, end);
    // Not earlier, so that an end that could not be recorded is detected again.
    if (watched.get(entry.agent.id) === entry) watched.delete(entry.agent.id);
    if (isNews) onState(entry.agent, end.state, end.at);
    const { workspaceId } = entry.agent;
    if (end.state === "lost" && workspaceId !== null) hooks.hold(workspaceId, endRun(parts, entry.agent));
    hooks.after(entry.agent);
  }

  async function keepLogSmall(agent: Agent, log: string): Promise<void> {
    if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) < maxLogBytes) return;
    turnLog(log);
    await tmux.pipe(agent.session, log);
  }

  async function lookForSessions(): Promise<void> {
    // A session that starts meanwhile is missing in tmux's answer.
    const asked = [...watched.values()];
    const sessions = new Map((await tmux.list()).map((session) => [session.name, session]));
    for (const entry of asked) {
      if (watched.get(entry.agent.id) !== entry) continue;
      const session = sessions.get(entry.agent.session);
      if (session === undefined) await retried(entry, () => ended(entry, undefined));
      else if (session.dead) await retried(entry, () => ended(entry, session.exitCode));
    }
  }

  async function readLines(): Promise<void> {
    const fresh = [...watched.values()].filter(({ watch }) => watch.takeUnread());
    const screens = await tmux.captureAll(fresh.map(({ agent }) => agent.session));
    for (const entry of fresh) {
      const screen = screens.get(entry.agent.session) ?? null;
      entry.choice = screen === null ? null : readChoice(screen);
      entry.lastLine = entry.choice?.question ?? lastLineOf(screen) ?? entry.lastLine;
    }
  }

  function begin(agent: Agent): void {
    const silence = parts.profiles().find(({ id }) => id === agent.name)?.silenceMs ?? null;
    watched.set(agent.id, { agent, watch: watchAgent(parts, agent, silence), lastLine: agent.lastLine, choice: null });
  }

  /** A failure to record something (a full disk) does not affect the other agents; the next check reads it again from the agent's files. */
  async function retried(entry: Watched, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      process.emitWarning(toPanopticonError(error));
      if (watched.get(entry.agent.id) === entry) begin({ ...entry.agent, lastLine: entry.lastLine });
    }
  }

  async function lookOnce(): Promise<void> {
    const entries = [...watched.values()];
    for (const entry of entries) {
      if (watched.get(entry.agent.id) === entry) await retried(entry, () => lookAt(entry));
    }
    const now = clock.now();
    if (watched.size > 0 && now - sessionsAt >= sessionsMs) {
      sessionsAt = now;
      await lookForSessions();
    }
    if (now - linesAt >= linesMs) {
      linesAt = now;
      await readLines();
    }
  }

  /** One check at a time, because two would report the same events twice. */
  function look(): Promise<void> {
    looking = looking.then(lookOnce, lookOnce);
    return looking;
  }

  return {
    watch: begin,
    forget: (id) => void watched.delete(id),
    answered(id, at) {
      const entry = watched.get(id);
      if (entry === undefined) return;
      entry.watch.answered(at);
      entry.choice = null;
    },
    live(id) {
      const entry = watched.get(id);
      if (entry === undefined) return null;
      const { lastLine, choice, watch } = entry;
      return { lastLine, choices: choice?.options ?? [], lastOutputAt: watch.lastOutputAt() };
    },
    look,
    start() {
      repeat(look, lookMs, clock, stopping.signal);
    },
    async stop() {
      stopping.abort();
      await looking.catch(() => undefined);
    },
  };
}

/** An agent's record with what else is known about it, until its end is recorded. The end contains its last line, and its session closes a moment later. */
export function withLive(care: Pick<Care, "live">, agent: Agent): Agent {
  const isOver = !isLiving(agent.state) && (agent.state !== "finished" || agent.exitCode !== null);
  const live = care.live(agent.id);
  return live === null || isOver ? agent : { ...agent, ...live, lastLine: live.lastLine ?? agent.lastLine };
}
