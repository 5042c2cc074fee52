import type { Agent, AgentState } from "../../domain/agent.ts";
import type { Care } from "./care.ts";
import type { RunHooks } from "./run-hooks.ts";

/** What starting, running and recovering an agent have in common. */
export type LivingAgents = {
  readonly care: Care;
  readonly hooks: RunHooks;
  /** Called when an agent's state changed, with the time, after the change is on disk. */
  readonly onState: (agent: Agent, state: AgentState, at: number) => void;
  /** Throws `not_found`. */
  readonly get: (id: number) => Promise<Agent>;
};
