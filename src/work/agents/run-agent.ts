import type { Agent } from "../../domain/agent.ts";
import { PanopticonError, toPanopticonError } from "../../domain/error.ts";
import type { Workspace } from "../../domain/workspace.ts";
import type { AgentParts } from "./agent-parts.ts";
import { endRun } from "./end-run.ts";
import { endAgent } from "./end-agent.ts";
import type { LivingAgents } from "./living-agents.ts";
import { getProfile } from "./profiles.ts";
import { startRun } from "./start-run.ts";

/** What a run needs to start. */
type Begun = { readonly agent: Agent; readonly ready: Promise<Workspace>; readonly resume: boolean };

/**
 * Takes an agent from `starting` to `running` as soon as its workspace is ready; `resume`: it continues where it was. Returns the running agent. An error is
 * recorded as the agent's failure and thrown; throws `conflict` if it was stopped meanwhile, and the signal's reason when that aborts.
 */
export async function runAgent(
  parts: AgentParts,
  { care, onState, get, hooks }: LivingAgents,
  { agent, ready, resume }: Begun,
  signal: AbortSignal,
): Promise<Agent> {
  const { records, clock } = parts;
  // The tracker is asked while the workspace is being created.
  const issue = agent.issue.issueId === null ? Promise.resolve(null) : parts.readIssue(agent.issue.issueId);
  issue.catch(() => undefined);
  try {
    const workspace = await ready;
    const profile = getProfile(parts.profiles(), agent.name);
    await hooks.before(workspace, signal);
    if ((await get(agent.id)).state !== "starting") throw stoppedMeanwhile();
    const text = await issue;
    // Taken before it runs, so that its first signals count.
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

/** The reason for aborting the start of a stopped agent. */
export const stoppedBefore = "It was stopped before it started.";

function stoppedMeanwhile(): PanopticonError {
  return new PanopticonError("conflict", stoppedBefore);
}
