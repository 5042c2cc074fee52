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
const readBackBytes = 16 * 1024;
const silenceWords = "silent for";

/** Whether an agent counts as waiting because it wrote nothing, not because of its own question. */
export function isSilence(reason: string | null): boolean {
  return reason?.startsWith(silenceWords) ?? false;
}

/**
 * Watches an agent through its files: its own signals take precedence, then bells and notifications, then silence. `look` returns what changed; null if
 * nothing.
 */
export function watchAgent(parts: Pick<AgentParts, "home" | "clock">, agent: Agent, silenceMs: number | null) {
  const files = agentFiles(agentFolder(parts.home, agent.id));
  // Output and signals from while nothing watched count if they are newer than the known state.
  const reader = createOutputReader(files.log, Math.max(0, sizeOf(files.log) - readBackBytes));
  let signalsEnd = 0;
  let state: AgentState = agent.state === "starting" ? "running" : agent.state;
  /** What it waits by: a signal lasts until the next signal or an answer. */
  let waitsBy: "signal" | "bell" | "silence" = "signal";
  let waitsSince = agent.since;
  let lastOutputAt = agent.lastOutputAt ?? agent.since;
  let answeredAt = 0;
  let signalledAt = 0;
  let writtenSince = 0;
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
    look(): Seen | null {
      const now = parts.clock.now();
      const before = state;
      let reason: string | null = null;
      let at = now;
      let usage: AgentPatch = {};
      const wait = (by: typeof waitsBy, why: string | null) => {
        state = "waiting";
        waitsBy = by;
        waitsSince = now;
        writtenSince = 0;
        reason = why;
      };

      const { bytes, attention } = reader.next();
      if (bytes > 0) {
        lastOutputAt = now;
        unread = true;
        if (state === "waiting" && now - waitsSince > breathMs) writtenSince += bytes;
      }
      if (
        state === "waiting" &&
        (waitsBy === "silence" ? bytes > 0 : waitsBy === "bell" && writtenSince > maxBlinking)
      ) {
        state = "running";
      }
      if (state === "running" && attention !== null && now - answeredAt > breathMs) wait("bell", attention.text);
      else if (state === "running" && silenceMs !== null && now - lastOutputAt > silenceMs) {
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
          // The end of the turn in which it reported done.
          if (state !== "finished") wait("signal", message);
        } else {
          state = signal === "done" ? "finished" : "running";
          reason = message;
        }
      }
      const changed = state !== before || (state === "waiting" && reason !== null);
      if (!changed && Object.keys(usage).length === 0) return null;
      return { state, at, patch: { ...usage, ...(changed && { state, since: at, reason }) } };
    },
  };
}

export type AgentWatch = ReturnType<typeof watchAgent>;

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
