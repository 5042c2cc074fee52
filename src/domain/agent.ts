import type { WorkIssue } from "./workspace.ts";

/** `waiting`: it needs input. `lost`: its session is gone without an exit. */
export const agentStates = ["starting", "running", "waiting", "finished", "failed", "stopped", "lost"] as const;

export type AgentState = (typeof agentStates)[number];

/** States in which there is a process. */
export const livingStates: readonly AgentState[] = ["starting", "running", "waiting"];

export function isLiving(state: AgentState): boolean {
  return livingStates.includes(state);
}

/** A coding-agent process at work in a workspace, or one that was. */
export type Agent = {
  readonly id: number;
  readonly workspaceId: number | null;
  readonly issue: WorkIssue;
  readonly project: string;
  /** The profile's id: `claude`. */
  readonly name: string;
  /** A planning session: no code is asked for. */
  readonly plan: boolean;
  /** What it was asked besides the issue itself. */
  readonly prompt: string;
  readonly state: AgentState;
  /** When it came into this state. */
  readonly since: number;
  /** Why, in words for people: `exit 1: …`, what it asks. */
  readonly reason: string | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly exitCode: number | null;
  /** Name of the tmux session. */
  readonly session: string;
  /** How often it was started in this workspace, from 1. */
  readonly turn: number;
  readonly lastLine: string | null;
  /** When it last wrote something. */
  readonly lastOutputAt: number | null;
  /** As the history writes who started it. */
  readonly actor: string;
  /** What it reported to have used, in US dollars and tokens; null: it reports nothing. */
  readonly cost: number | null;
  readonly tokens: number | null;
};

/** An issue that dispatch has taken: nobody else starts an agent on it. */
export type Claim = {
  readonly issueId: number;
  readonly ref: string;
  readonly project: string;
  readonly claimedAt: number;
  /** The agent's last start; null before the first. */
  readonly agentId: number | null;
  /** Turns begun. */
  readonly turns: number;
  /** Failures in a row. */
  readonly failures: number;
  /** Not before; null: now. */
  readonly nextAt: number | null;
  /** Why it does not go on, in words for people; null: it does. */
  readonly ended: string | null;
};
