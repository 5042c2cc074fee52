import type { Agent, AgentState, MeantOption } from "../../domain/agent.ts";
import type { NewWorkspaceFor } from "../workspaces/create-workspace.ts";
import type { FoundProfile } from "./find-profiles.ts";
import type { LogPart } from "./read-log.ts";

export type StartRequest = {
  readonly projectId: string;
  readonly issue: NewWorkspaceFor;
  /** The profile; by default the project's, else claude. */
  readonly name?: string | undefined;
  readonly prompt: string;
  readonly plan: boolean;
  /** Who starts it, as the history names actors. */
  readonly actor: string;
};

/** Coding agents in tmux. They outlive this process; every state is on disk before it is reported. */
export type Agents = {
  /**
   * Starts an agent on an issue in its workspace, which is created if there is none. When this resolves, the agent is on disk; `running` resolves when its
   * program runs, and rejects if it cannot start. Throws `not_found` without tmux or the program, `conflict` if an agent is already running there.
   */
  start(request: StartRequest): Promise<{ readonly agent: Agent; readonly running: Promise<Agent> }>;
  /** The ids of all agents: living ones first, then the most recently ended. */
  ids(): Promise<readonly number[]>;
  /** The existing ones of these, or all, in that order, with their last output. */
  list(ids?: readonly number[]): Promise<readonly Agent[]>;
  /** Throws `not_found`. */
  get(id: number): Promise<Agent>;
  /**
   * Types a message and Enter, or takes the option that it means if the agent asks to choose. Throws `conflict` if the agent has ended, if there is no such option,
   * or if it is not the `meant` one.
   */
  message(id: number, text: string, meant?: MeantOption): Promise<void>;
  /** Ends it; its workspace stays. Succeeds if it has already ended. */
  stop(id: number, reason?: string): Promise<Agent>;
  /** Starts it again in its workspace, continuing where it was if its program can. Throws `conflict` while it runs, or without its workspace. */
  resume(
    id: number,
    options?: { readonly prompt?: string | undefined },
  ): Promise<{ readonly agent: Agent; readonly running: Promise<Agent> }>;
  /** Its raw output from an offset (negative: from the end). */
  log(id: number, from: number): LogPart;
  /** The terminal's current content, or that at its end. Empty if unknown. */
  screen(id: number): Promise<string>;
  /** All profiles, and whether their programs are installed. */
  profiles(): Promise<readonly FoundProfile[]>;
  /** The command line that shows it in a terminal. */
  attachCommand(
    id: number,
    mode?: "terminal" | "control",
  ): Promise<{ readonly command: readonly string[]; readonly env: Readonly<Record<string, string>> }>;
  /** Ends all agents in a workspace that is about to be removed. Resolves when their `after_run` is finished, too. */
  stopIn(workspaceId: number): Promise<void>;
  /** Whether `after_run` is running in a workspace. */
  isAfterRun(workspaceId: number): boolean;
  /** Resolves when no `after_run` is running any more. */
  settled(): Promise<void>;
  /** After a start of the server: finds every agent again, or how it ended. */
  recover(): Promise<void>;
  /** Starts watching the agents. */
  watch(): void;
  look(): Promise<void>;
  on(listener: (agent: Agent, state: AgentState, at: number) => void): () => void;
  /** Agents continue; starts in progress fail, and `after_run` is interrupted. */
  stopWatching(): Promise<void>;
};
