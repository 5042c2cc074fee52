import type { Agent, AgentState } from "../../domain/agent.ts";
import type { NewWorkspaceFor } from "../workspaces/create-workspace.ts";
import type { FoundProfile } from "./find-profiles.ts";
import type { LogPart } from "./read-log.ts";

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
  /** Of all agents: living ones first, then the last that ended. */
  ids(): Promise<readonly number[]>;
  /** Those there are of these, or all, in that order; with what they last wrote. */
  list(ids?: readonly number[]): Promise<readonly Agent[]>;
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
  log(id: number, from: number): LogPart;
  /** The terminal's content: what is on it now, or what was when it ended. Empty where nothing is known. */
  screen(id: number): Promise<string>;
  /** The profiles there are, and whether their programs are on this machine. */
  profiles(): Promise<readonly FoundProfile[]>;
  /** The command line that shows it in a terminal. */
  attachCommand(
    id: number,
    mode?: "terminal" | "control",
  ): Promise<{ readonly command: readonly string[]; readonly env: Readonly<Record<string, string>> }>;
  /** Ends whatever works in a workspace: it is going to be removed. Resolves when its `after_run` is over too. */
  stopIn(workspaceId: number): Promise<void>;
  /** Whether `after_run` is at work in a workspace. */
  isAfterRun(workspaceId: number): boolean;
  /** Resolves when no `after_run` is at work any more. */
  settled(): Promise<void>;
  /** After a start: finds every agent again, or how it ended. */
  recover(): Promise<void>;
  /** Follows them from now on. */
  watch(): void;
  look(): Promise<void>;
  on(listener: (agent: Agent, state: AgentState, at: number) => void): () => void;
  /** Agents go on; starts that are under way fail, and `after_run` is broken off. */
  stopWatching(): Promise<void>;
};
