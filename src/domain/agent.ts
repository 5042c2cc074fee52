import type { WorkIssue } from "./workspace.ts";

/** `waiting`: it needs input. `lost`: its session disappeared without an exit code. */
export const agentStates = ["starting", "running", "waiting", "finished", "failed", "stopped", "lost"] as const;

export type AgentState = (typeof agentStates)[number];

/** States in which the process exists. */
export const livingStates: readonly AgentState[] = ["starting", "running", "waiting"];

export function isLiving(state: AgentState): boolean {
  return livingStates.includes(state);
}

/** An option of a choice that an agent's terminal shows, and the message that takes it. */
export type AgentChoice = { readonly answer: string; readonly label: string };

/** The option that a message was meant to take, and since when the agent had been waiting for that. */
export type MeantOption = { readonly label: string; readonly since: number };

/** A coding-agent process in a workspace, running or ended. */
export type Agent = {
  readonly id: number;
  readonly workspaceId: number | null;
  readonly issue: WorkIssue;
  readonly project: string;
  /** The profile's id: `claude`. */
  readonly name: string;
  /** A planning session, which writes no code. */
  readonly plan: boolean;
  /** Instructions given in addition to the issue itself. */
  readonly prompt: string;
  readonly state: AgentState;
  /** When it entered this state. */
  readonly since: number;
  /** Why it is in this state, in words for people: `exit 1: …`, the question it asks. */
  readonly reason: string | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly exitCode: number | null;
  /** The name of its tmux session. */
  readonly session: string;
  /** The number of starts in this workspace, from 1. */
  readonly turn: number;
  readonly lastLine: string | null;
  /** What its terminal offers to choose from; absent if it does not, or is not watched. */
  readonly choices?: readonly AgentChoice[];
  /** When it last wrote output. */
  readonly lastOutputAt: number | null;
  /** Who started it, as the history names actors. */
  readonly actor: string;
  /** Its reported usage in US dollars and tokens; null if it reports none. */
  readonly cost: number | null;
  readonly tokens: number | null;
};

/** An issue claimed by dispatch, so that nothing else starts an agent on it. */
export type Claim = {
  readonly issueId: number;
  readonly ref: string;
  readonly project: string;
  readonly claimedAt: number;
  /** The agent last started for it; null before the first start. */
  readonly agentId: number | null;
  /** Turns started. */
  readonly turns: number;
  /** Consecutive failures. */
  readonly failures: number;
  /** The earliest time of the next turn; null: now. */
  readonly nextAt: number | null;
  /** Why dispatch stopped working on it, in words for people; null while it continues. */
  readonly ended: string | null;
};
