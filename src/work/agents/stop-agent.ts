import { type Agent, isLiving } from "../../domain/agent.ts";
import type { AgentParts } from "./agent-parts.ts";
import { clearSessions } from "./clear-sessions.ts";
import { endAgent } from "./end-agent.ts";
import type { LivingAgents } from "./living-agents.ts";
import { stoppedBefore } from "./run-agent.ts";
import type { RunsUnderWay } from "./runs-under-way.ts";

/** What ending agents needs. */
export type Ending = {
  readonly parts: AgentParts;
  readonly living: LivingAgents;
  readonly runs: Pick<RunsUnderWay, "breakOff">;
};

/** See `Agents.stop`. Called for one stop per agent at a time. */
export async function stopAgent({ parts, living, runs }: Ending, id: number, reason: string | null): Promise<Agent> {
  const { care, onState, get, hooks } = living;
  const agent = await get(id);
  care.forget(id);
  const at = parts.clock.now();
  const end = { state: "stopped", at, exitCode: null, reason } as const;
  const ending = endAgent(parts, agent, end);
  if (agent.workspaceId !== null) hooks.hold(agent.workspaceId, ending);
  const isNews = await ending.catch((error: unknown) => {
    if (isLiving(agent.state) && agent.state !== "starting") care.watch(agent);
    throw error;
  });
  if (isNews) {
    onState(agent, "stopped", at);
    runs.breakOff(id, stoppedBefore);
    // No hook follows a run that never started.
    if (agent.state !== "starting") hooks.after(agent);
  }
  return get(id);
}

/** See `Agents.stopIn`; `stop` ends one agent. */
export async function stopAgentsIn(
  { parts, living }: Pick<Ending, "parts" | "living">,
  workspaceId: number,
  stop: (id: number, reason: string) => Promise<unknown>,
): Promise<void> {
  for (const agent of await parts.records.agents.list()) {
    if (agent.workspaceId === workspaceId && isLiving(agent.state)) await stop(agent.id, "its workspace is removed");
  }
  await clearSessions({ parts, living }, workspaceId);
  await living.hooks.settled(workspaceId);
}
