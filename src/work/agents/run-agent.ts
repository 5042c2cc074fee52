import type { Agent } from "../../domain/agent.ts";
import { PanopticonError, toPanopticonError } from "../../domain/error.ts";
import type { Workspace } from "../../domain/workspace.ts";
import type { AgentParts } from "./agent-parts.ts";
import { endRun } from "./end-run.ts";
import { endAgent } from "./end-agent.ts";
import type { LivingAgents } from "./living-agents.ts";
import { getProfile } from "./profiles.ts";
import { startRun } from "./start-run.ts";

/** What a run is begun with. */
type Begun = { readonly agent: Agent; readonly ready: Promise<Workspace>; readonly resume: boolean };

/**
 * Brings an agent from `starting` to `running` as soon as its workspace is ready; `resume`: it goes on where it was. Gives it as it runs then. What goes wrong is
 * the agent's failure, and thrown; `conflict` where it was stopped meanwhile, and the signal's reason where that ends it.
 */
export async function runAgent(
  parts: AgentParts,
  { care, onState, get, hooks }: LivingAgents,
  { agent, ready, resume }: Begun,
  signal: AbortSignal,
): Promise<Agent> {
  const { records, clock } = parts;
  // The tracker is asked while the workspace is made.
  const issue = agent.issue.issueId === null ? Promise.resolve(null) : parts.readIssue(agent.issue.issueId);
  issue.catch(() => undefined);
  try {
    const workspace = await ready;
    const profile = getProfile(parts.profiles(), agent.name);
    await hooks.before(workspace, signal);
    if ((await get(agent.id)).state !== "starting") throw stoppedMeanwhile();
    const text = await issue;
    // Before it runs: what it says in its first moment counts.
    const at = clock.now();
    await startRun(parts, { agent, profile, workspace, issue: text, resume });
    const change = await records.agents.update(
      agent.id,
      { state: "running", since: at, reason: null },
      { states: ["starting"] },
    );
    if (change === null) {
      await endRun(parts, agent);
      throw stoppedMeanwhile();
    }
    parts.changed(change);
    const running = await get(agent.id);
    care.watch(running);
    parts.emit({ type: "agent", id: agent.id, ref: agent.issue.ref, state: "running" });
    onState(running, "running", at);
    return running;
  } catch (error) {
    const problem = signal.aborted ? signal.reason : error;
    const { message } = toPanopticonError(problem);
    const at = clock.now();
    if (await endAgent(parts, agent, { state: "failed", at, exitCode: null, reason: message }))
      onState(agent, "failed", at);
    throw problem;
  }
}

/** Why a start ends whose agent somebody stops. */
export const stoppedBefore = "It was stopped before it started.";

function stoppedMeanwhile(): PanopticonError {
  return new PanopticonError("conflict", stoppedBefore);
}
