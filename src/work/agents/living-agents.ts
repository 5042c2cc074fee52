import type { Agent, AgentState } from "../../domain/agent.ts";
import type { Care } from "./care.ts";
import type { RunHooks } from "./run-hooks.ts";

/** What an agent's start, run and recovery share. */
export type LivingAgents = {
  readonly care: Care;
  readonly hooks: RunHooks;
  /** An agent came into another state, at a time; after that is on disk. */
  readonly onState: (agent: Agent, state: AgentState, at: number) => void;
  /** Throws `not_found`. */
  readonly get: (id: number) => Promise<Agent>;
};
