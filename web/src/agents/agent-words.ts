import type { AgentState } from "../../../src/domain/agent.ts";
import type { AgentShape } from "../../../src/server/contract/work.ts";
import type { IconName } from "../ui/icon.tsx";

/** Label, icon and tone of each agent state. */
export const agentStates: Readonly<
  Record<AgentState, { readonly words: string; readonly icon: IconName; readonly tone: string }>
> = {
  waiting: { words: "Waiting for input", icon: "msg", tone: "warn" },
  starting: { words: "Starting", icon: "spin", tone: "run" },
  running: { words: "Running", icon: "spin", tone: "run" },
  finished: { words: "Finished", icon: "check", tone: "ok" },
  failed: { words: "Failed", icon: "alert", tone: "bad" },
  lost: { words: "Lost", icon: "alert", tone: "bad" },
  stopped: { words: "Stopped", icon: "stop", tone: "quiet" },
};

export function isAtWork({ state }: Pick<AgentShape, "state">): boolean {
  return state === "starting" || state === "running" || state === "waiting";
}

export type AgentGroup = { readonly name: string; readonly agents: readonly AgentShape[] };

const groups: readonly { readonly name: string; readonly states: readonly AgentState[] }[] = [
  { name: "Waiting for input", states: ["waiting"] },
  { name: "Running", states: ["running", "starting"] },
  { name: "Finished", states: ["finished"] },
  { name: "Failed", states: ["failed", "lost"] },
  { name: "Stopped", states: ["stopped"] },
];

/** Groups agents by need: waiting agents longest first, other groups most recent first. */
export function groupAgents(agents: readonly AgentShape[]): readonly AgentGroup[] {
  return groups.flatMap(({ name, states }) => {
    const own = agents.filter(({ state }) => states.includes(state));
    const waits = states.includes("waiting");
    const sorted = own.toSorted((a, b) => (waits ? a.since.localeCompare(b.since) : b.since.localeCompare(a.since)));
    return sorted.length === 0 ? [] : [{ name, agents: sorted }];
  });
}

/** `2 waiting · 1 running · 3 ended`; `total` includes agents that ended too long ago to be listed. */
export function countWords(agents: readonly AgentShape[], total: number): string {
  const waiting = agents.filter(({ state }) => state === "waiting").length;
  const working = agents.filter(isAtWork).length - waiting;
  const ended = total - waiting - working;
  const parts = [
    ...(waiting > 0 ? [`${waiting} waiting`] : []),
    ...(working > 0 ? [`${working} running`] : []),
    ...(ended > 0 ? [`${ended} ended`] : []),
  ];
  return parts.join(" · ");
}

/** `16:52`, `2:04:10`: how long the agent has run, or ran. */
export function elapsedWords({ startedAt, endedAt }: Pick<AgentShape, "startedAt" | "endedAt">, now: number): string {
  const end = endedAt === null ? now : Date.parse(endedAt);
  const seconds = Math.max(0, Math.floor((end - Date.parse(startedAt)) / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes}:${two(seconds % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** What a waiting agent asks: its own words, or, if it only rang the bell, the last line of its terminal. */
export function questionOf({ reason, lastLine }: Pick<AgentShape, "reason" | "lastLine">): string {
  return reason ?? lastLine ?? "";
}

/** The line below an agent in the list: its question, why it ended, or its last output. */
export function lastWords({ state, reason, lastLine, exitCode }: AgentShape): string {
  if (state === "waiting" || state === "failed" || state === "stopped" || state === "lost") {
    return reason ?? lastLine ?? (exitCode === null ? "" : `exit ${exitCode}`);
  }
  return lastLine ?? reason ?? "";
}
