import { statSync } from "node:fs";
import type { Agent, AgentState } from "../../domain/agent.ts";
import type { AgentPatch } from "../../domain/work-records.ts";
import { agentFiles, agentFolder } from "./agent-files.ts";
import type { AgentParts } from "./agent-parts.ts";
import { createOutputReader } from "./output-reader.ts";

/** An agent's detected state, and why. */
export type Seen = {
  readonly state: AgentState;
  readonly at: number;
  readonly patch: AgentPatch;
};

/** Output within this time after an answer or a question belongs to it. */
const breathMs = 1_000;
/** A waiting program may blink; a working one writes more. */
const maxBlinking = 256;
/**
 * A program that said that it waits, and since then has written for this long without a pause, works again: not every program says so when its question is
 * answered in the terminal itself (Claude Code after a permission, Codex at all). A person who types pauses; a working program turns its spinner.
 */
const workingMs = 6_000;
const maxPauseMs = 1_500;
/** A spinner writes about 500 bytes a second. */
const leastWorkBytes = 1_200;
/** Ways to say the same thing (Codex: to the terminal, then through its notifier) follow each other within this time. */
const sameQuestionMs = 2_000;
const readBackBytes = 16 * 1024;
const silenceWords = "silent for";

/** A choice on the screen is a question once nothing more was written for this long: some programs ask before their own signals work (whether to trust a folder). */
const choiceMs = 2_000;

/** Whether an agent counts as waiting because it wrote nothing, not because of its own question. */
export function isSilence(reason: string | null): boolean {
  return reason?.startsWith(silenceWords) ?? false;
}

/**
 * Watches an agent through its files: its own signals take precedence, then bells and notifications, then silence. Only output that changes what the terminal shows
 * counts. `look` returns what changed; null if nothing.
 */
export function watchAgent(parts: Pick<AgentParts, "home" | "clock">, agent: Agent, silenceMs: number | null) {
  const files = agentFiles(agentFolder(parts.home, agent.id));
  // Output and signals from while nothing watched count if they are newer than the known state.
  const reader = createOutputReader(files.log, Math.max(0, sizeOf(files.log) - readBackBytes));
  let signalsEnd = 0;
  let state: AgentState = agent.state === "starting" ? "running" : agent.state;
  /** What it waits by: a signal lasts until the next signal or an answer. */
  let waitsBy: "signal" | "bell" | "silence" | "screen" = "signal";
  /** The question on the screen by which it waits. */
  let asked: string | null = null;
  let waitsSince = agent.since;
  let lastOutputAt = agent.lastOutputAt ?? agent.since;
  let answeredAt = 0;
  let signalledAt = 0;
  let writtenSince = 0;
  /** The output without a pause at the end of the wait. */
  let flow: { readonly from: number; readonly last: number; readonly bytes: number } | null = null;
  let unread = true;

  return {
    lastOutputAt: () => lastOutputAt,
    /** Whether there is output that was not captured yet. */
    takeUnread(): boolean {
      const was = unread;
      unread = false;
      return was;
    },
    /** The user wrote to it at this time: it continues, unless it sent a signal since. */
    answered(at: number): void {
      answeredAt = parts.clock.now();
      lastOutputAt = answeredAt;
      if (signalledAt <= at) state = "running";
    },
    /** `question`: what its screen asks, if that ends with a choice. */
    look(question: string | null = null): Seen | null {
      const now = parts.clock.now();
      const before = state;
      let reason: string | null = null;
      let at = now;
      let usage: AgentPatch = {};
      let isSameQuestion = false;
      const wait = (by: typeof waitsBy, why: string | null) => {
        isSameQuestion = before === "waiting" && state === "waiting" && now - waitsSince <= sameQuestionMs;
        state = "waiting";
        waitsBy = by;
        if (!isSameQuestion) waitsSince = now;
        writtenSince = 0;
        flow = null;
        reason = why;
      };

      const { shown, attention } = reader.next();
      if (shown > 0) {
        lastOutputAt = now;
        unread = true;
        if (state === "waiting" && now - waitsSince > breathMs) {
          writtenSince += shown;
          const before = flow !== null && now - flow.last <= maxPauseMs ? flow : { from: now, bytes: 0 };
          flow = { from: before.from, last: now, bytes: before.bytes + shown };
        }
      }
      const isOver = {
        silence: () => shown > 0,
        screen: () => true,
        bell: () => writtenSince > maxBlinking,
        signal: () => flow !== null && flow.last - flow.from >= workingMs && flow.bytes >= leastWorkBytes,
      };
      // While its question is on the screen, it only draws it again, as for a viewer of another size.
      if (state === "waiting" && question === null && isOver[waitsBy]()) state = "running";
      const isNewQuestion = state === "running" || (state === "waiting" && waitsBy === "screen" && question !== asked);
      if (state === "running" && attention !== null && now - answeredAt > breathMs) wait("bell", attention.text);
      else if (isNewQuestion && question !== null && now - lastOutputAt > choiceMs) {
        wait("screen", question);
        asked = question;
      } else if (state === "running" && silenceMs !== null && now - lastOutputAt > silenceMs) {
        wait("silence", `${silenceWords} ${Math.round(silenceMs / 1000)} s`);
      }

      const { signals, end } = files.readSignals(signalsEnd);
      signalsEnd = end;
      for (const { signal, at: saidAt, message, cost, tokens } of signals) {
        if (saidAt <= agent.since) continue;
        signalledAt = saidAt;
        usage = { ...usage, ...(cost !== null && { cost }), ...(tokens !== null && { tokens }) };
        at = Math.min(saidAt, now);
        if (signal === "waiting") {
          // The end of the turn in which it reported done; a repetition without words.
          const isSaid = state === "finished" || (state === "waiting" && waitsBy === "signal" && message === null);
          if (!isSaid) wait("signal", message);
        } else {
          state = signal === "done" ? "finished" : "running";
          reason = message;
        }
      }
      const changed = state !== before || (state === "waiting" && reason !== null);
      if (!changed && Object.keys(usage).length === 0) return null;
      return {
        state,
        at,
        patch: { ...usage, ...(changed && { state, reason, ...(!isSameQuestion && { since: at }) }) },
      };
    },
  };
}

export type AgentWatch = ReturnType<typeof watchAgent>;

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
