import { existsSync, statSync, writeFileSync } from "node:fs";
import { type Agent, type AgentState, livingStates } from "../../domain/agent.ts";
import { toPanopticonError } from "../../domain/error.ts";
import type { AgentPatch } from "../../domain/work-records.ts";
import { plainText } from "../../domain/plain-text.ts";
import { lastLineOf } from "./last-line.ts";
import { type AgentFiles, agentFiles, agentFolder } from "./agent-files.ts";
import type { AgentParts } from "./agent-parts.ts";
import { endRun } from "./end-run.ts";
import { readLog } from "./read-log.ts";

const lastOutputBytes = 32 * 1024;

/** How an agent's run ended. */
export type End = {
  readonly state: Extract<AgentState, "finished" | "failed" | "stopped" | "lost">;
  readonly at: number;
  readonly exitCode: number | null;
  readonly reason: string | null;
};

/** The reason for a failure before an agent started, which nobody caused. */
export const stoppedBeforeItBegan = "Panopticon was stopped before it started.";

/** How a process ended that no longer exists, from its exit file or from tmux; `lost` if neither tells. */
export function findEnd(parts: AgentParts, agent: Agent, tmuxExit: number | null | undefined): End {
  const files = agentFiles(agentFolder(parts.home, agent.id));
  const exit = files.readExit();
  const now = parts.clock.now();
  const code = exit?.code ?? tmuxExit ?? null;
  if (code === null) {
    const log = statSync(files.log, { throwIfNoEntry: false });
    return {
      state: "lost",
      at: log === undefined ? now : Math.min(now, Math.round(log.mtimeMs)),
      exitCode: null,
      reason: "Its session is gone without an exit: the machine was restarted, or the process was killed.",
    };
  }
  const at = exit === null ? now : Math.min(now, Math.round(exit.at));
  return code === 0
    ? { state: "finished", at, exitCode: 0, reason: null }
    : { state: "failed", at, exitCode: code, reason: null };
}

/**
 * Saves the terminal's last content, records how the agent ended, and closes the session, so that the end is recorded before the session disappears. Returns
 * false if the end was already recorded.
 */
export async function endAgent(parts: AgentParts, agent: Agent, end: End): Promise<boolean> {
  const { records, tmux, home } = parts;
  const files = agentFiles(agentFolder(home, agent.id));
  const screen =
    agent.session === ""
      ? null
      : ((await tmux.capture(agent.session, { history: true, colours: true })) ?? lastOutput(files.log));
  if (screen !== null) keepScreen(files, screen);
  const lastLine = lastLineOf(screen) ?? agent.lastLine;
  const failure =
    end.exitCode === null || end.exitCode === 0 ? null : `exit ${end.exitCode}: ${lastLine ?? "it wrote nothing"}`;
  const patch: AgentPatch = {
    state: end.state,
    since: end.at,
    endedAt: end.at,
    exitCode: end.exitCode,
    reason: end.reason ?? failure,
    lastLine,
  };
  const change = await records.agents.update(agent.id, patch, { states: livingStates });
  // An agent that reported done and exited later stays done.
  if (change === null)
    await records.agents.update(agent.id, { exitCode: end.exitCode, lastLine }, { states: ["finished"] });
  // A program that exited may have left processes running on purpose; one that is stopped may not. Processes that outlive tmux itself are ended elsewhere in
  // the background.
  if (end.exitCode === null && end.state !== "lost") await endRun(parts, agent);
  else if (agent.session !== "") await tmux.close(agent.session);
  if (change === null) return false;
  parts.changed(change);
  parts.emit({ type: "agent", id: agent.id, ref: agent.issue.ref, state: end.state });
  return true;
}

/** The end of the log as plain lines, for a terminal that disappeared before its content was saved; null if there is none. */
function lastOutput(log: string): string | null {
  const { text, start } = readLog(log, -lastOutputBytes);
  const words = plainText(text.toString());
  return words === "" ? null : words.slice(start === 0 ? 0 : words.indexOf("\n") + 1);
}

/** If the disk is full, only the log remains. */
function keepScreen({ folder, screen: file }: AgentFiles, screen: string): void {
  if (!existsSync(folder)) return;
  try {
    writeFileSync(file, screen.trimEnd(), { mode: 0o600 });
  } catch (error) {
    process.emitWarning(toPanopticonError(error));
  }
}
