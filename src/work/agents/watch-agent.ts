import { statSync } from "node:fs";
import type { Agent, AgentState } from "../../domain/agent.ts";
import type { AgentPatch } from "../../domain/work-records.ts";
import { agentFiles, agentFolder } from "./agent-files.ts";
import type { AgentParts } from "./agent-parts.ts";
import { createOutputReader } from "./output-reader.ts";

/** What was seen of an agent: the state it is in now, and why. */
export type Seen = {
  readonly state: AgentState;
  readonly at: number;
  readonly patch: AgentPatch;
};

/** What is written in the same breath as an answer, or as a question, belongs to it. */
const breathMs = 1_000;
/** A waiting program may blink; one that works writes more. */
const maxBlinking = 256;
const readBackBytes = 16 * 1024;
const silenceWords = "silent for";

/** Whether an agent's reason for waiting is that it wrote nothing, and not a question of its own. */
export function isSilence(reason: string | null): boolean {
  return reason?.startsWith(silenceWords) ?? false;
}

/**
 * Follows one agent through its files: its own signals count most, then bells and notifications, then silence. `look` gives what changed; null: nothing.
 */
export function watchAgent(parts: Pick<AgentParts, "home" | "clock">, agent: Agent, silenceMs: number | null) {
  const files = agentFiles(agentFolder(parts.home, agent.id));
  // What it wrote or said while nobody looked counts, if it did so since it came into the state that is known.
  const reader = createOutputReader(files.log, Math.max(0, sizeOf(files.log) - readBackBytes));
  let signalsEnd = 0;
  let state: AgentState = agent.state === "starting" ? "running" : agent.state;
  /** What it waits by: its own word lasts until its own word or an answer. */
  let waitsBy: "signal" | "bell" | "silence" = "signal";
  let waitsSince = agent.since;
  let lastOutputAt = agent.lastOutputAt ?? agent.since;
  let answeredAt = 0;
  let signalledAt = 0;
  let writtenSince = 0;
  let unread = true;

  return {
    lastOutputAt: () => lastOutputAt,
    /** Whether there is output that nobody has captured. */
    takeUnread(): boolean {
      const was = unread;
      unread = false;
      return was;
    },
    /** The user wrote to it, then: it goes on, unless it has said something since. */
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
          // The end of the turn in which it said that it is done.
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
