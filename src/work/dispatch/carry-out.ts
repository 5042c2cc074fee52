import { type Agent, isLiving } from "../../domain/agent.ts";
import { isPanopticonError } from "../../domain/error.ts";
import type { ClaimStep, ClaimView } from "./decide-claim.ts";
import type { DispatchParts } from "./dispatch-parts.ts";

/**
 * Carries out a decision about a claim, except starting turns; `forget` drops everything remembered about the issue. Returns the resulting claim, null if it
 * was released.
 */
export async function carryOut(
  parts: DispatchParts,
  step: ClaimStep,
  view: ClaimView,
  forget: (issueId: number) => void,
): Promise<ClaimView | null> {
  const { records } = parts;
  const { claim, agent } = view;
  const { issueId } = claim;
  switch (step.do) {
    case "wait":
    // Turns start after all claims were processed, as far as there are slots.
    case "begin":
      return view;
    case "release":
      await records.claims.release(issueId);
      forget(issueId);
      return null;
    case "note":
      await records.claims.update(issueId, step.patch);
      return { ...view, claim: { ...claim, ...step.patch } };
    case "stop_stalled":
      if (agent !== null) await parts.agents.stop(agent.id, step.why);
      await records.claims.update(issueId, step.patch);
      return { ...view, claim: { ...claim, ...step.patch }, agent: null };
    case "let_go":
      if (agent !== null && isLiving(agent.state)) await parts.agents.stop(agent.id, step.why);
      await records.claims.update(issueId, { ended: step.why, nextAt: null });
      return { ...view, claim: { ...claim, ended: step.why, nextAt: null }, agent: null };
    case "finish":
      if (agent !== null && isLiving(agent.state)) await parts.agents.stop(agent.id, `the issue is ${step.why}`);
      // The other claims do not wait for it.
      if (agent?.workspaceId != null && parts.agents.isAfterRun(agent.workspaceId)) return view;
      await cleanUp(parts, agent);
      await records.claims.release(issueId);
      forget(issueId);
      return null;
  }
}

/** A workspace with unpublished work stays, without its agent; the list of workspaces tells why. */
async function cleanUp(parts: DispatchParts, agent: Agent | null): Promise<void> {
  if (agent === null || agent.workspaceId === null) return;
  try {
    await parts.agents.stopIn(agent.workspaceId);
    await parts.removeWorkspace(agent.workspaceId, { force: false });
  } catch (error) {
    if (!isPanopticonError(error)) throw error;
  }
}
