import { type Agent, isLiving } from "../../domain/agent.ts";
import { isPanopticonError } from "../../domain/error.ts";
import type { AgentParts } from "./agent-parts.ts";
import { endRun } from "./end-run.ts";
import { endAgent, findEnd, stoppedBeforeItBegan } from "./end-agent.ts";
import type { LivingAgents } from "./living-agents.ts";

/** After a start of the server: finds every agent's session again, or records how it ended; ends sessions of unknown agents. */
export async function recoverAgents(parts: AgentParts, living: LivingAgents): Promise<void> {
  const agents = await parts.records.agents.list();
  const sessions = new Map((await listSessions(parts)).map((session) => [session.name, session]));
  for (const agent of agents) {
    const session = sessions.get(agent.session);
    sessions.delete(agent.session);
    if (session !== undefined && !session.dead) await found(parts, living, agent);
    else if (session !== undefined || isLiving(agent.state)) await foundEnded(parts, living, agent, session?.exitCode);
  }
  // Their records are gone.
  for (const name of sessions.keys()) if (/^agent-\d+$/.test(name)) await parts.tmux.kill(name);
}

/** Without tmux there are no sessions. */
async function listSessions({ tmux }: AgentParts) {
  try {
    return await tmux.list();
  } catch (error) {
    if (isPanopticonError(error) && error.code === "not_found") return [];
    throw error;
  }
}

/** Its session runs. */
async function found(parts: AgentParts, { care, onState, get }: LivingAgents, agent: Agent): Promise<void> {
  if (agent.state === "starting") {
    // Signals from before it was found count.
    const since = agent.startedAt;
    const change = await parts.records.agents.update(agent.id, { state: "running", since }, { states: ["starting"] });
    if (change !== null) parts.changed(change);
    onState(agent, "running", agent.startedAt);
  }
  if (isLiving(agent.state) || agent.state === "finished") care.watch(await get(agent.id));
  else await endRun(parts, agent);
}

/** Its session is gone, or contains a dead process; `tmuxExit`: the exit code according to tmux. */
async function foundEnded(
  parts: AgentParts,
  { onState, hooks }: LivingAgents,
  agent: Agent,
  tmuxExit: number | null | undefined,
): Promise<void> {
  const known = findEnd(parts, agent, tmuxExit);
  const neverBegan = agent.state === "starting" && known.state === "lost";
  const end = neverBegan ? { ...known, state: "failed" as const, reason: stoppedBeforeItBegan } : known;
  if (!(await endAgent(parts, agent, end))) return;
  onState(agent, end.state, end.at);
  if (end.state === "lost" && agent.workspaceId !== null) hooks.hold(agent.workspaceId, endRun(parts, agent));
  if (!neverBegan) hooks.after(agent);
}
