import { type Agent, isLiving } from "../../domain/agent.ts";
import type { AgentParts } from "./agent-parts.ts";
import { clearSessions } from "./clear-sessions.ts";
import { endAgent, runAfter } from "./end-agent.ts";
import type { LivingAgents } from "./living-agents.ts";

/** See `Agents.stop`. One at a time for each agent. */
export async function stopAgent(
  parts: AgentParts,
  { care, onState, get }: LivingAgents,
  id: number,
  reason: string | null,
): Promise<Agent> {
  const agent = await get(id);
  care.forget(id);
  const at = parts.clock.now();
  const end = { state: "stopped", at, exitCode: null, reason } as const;
  const isNews = await endAgent(parts, agent, end).catch((error: unknown) => {
    if (isLiving(agent.state) && agent.state !== "starting") care.watch(agent);
    throw error;
  });
  if (isNews) {
    onState(agent, "stopped", at);
    await runAfter(parts, agent);
  }
  return get(id);
}

/** See `Agents.stopIn`; `stop` ends one agent. */
export async function stopAgentsIn(
  { parts, living }: { readonly parts: AgentParts; readonly living: Pick<LivingAgents, "care"> },
  workspaceId: number,
  stop: (id: number, reason: string) => Promise<unknown>,
): Promise<void> {
  for (const agent of await parts.records.agents.list()) {
    if (agent.workspaceId === workspaceId && isLiving(agent.state)) await stop(agent.id, "its workspace is removed");
  }
  await clearSessions({ parts, living }, workspaceId);
}
