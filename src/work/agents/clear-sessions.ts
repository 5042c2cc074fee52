import { isLiving } from "../../domain/agent.ts";
import type { AgentParts } from "./agent-parts.ts";
import { endAgent } from "./end-agent.ts";
import type { LivingAgents } from "./living-agents.ts";

/** Ends a workspace's sessions of agents that reported done but are still running. */
export async function clearSessions(
  { parts, living }: { readonly parts: AgentParts; readonly living: Pick<LivingAgents, "care"> },
  workspaceId: number,
): Promise<void> {
  const { records, clock } = parts;
  const { care } = living;
  for (const agent of await records.agents.list()) {
    if (agent.workspaceId !== workspaceId || isLiving(agent.state) || care.live(agent.id) === null) continue;
    care.forget(agent.id);
    await endAgent(parts, agent, { state: "finished", at: clock.now(), exitCode: agent.exitCode, reason: null });
  }
}
