import type { Claim } from "../../domain/agent.ts";
import { isPanopticonError } from "../../domain/error.ts";
import type { DispatchRules } from "../../domain/work-settings.ts";
import { backoffMs, type ClaimView } from "./decide-claim.ts";
import { type DispatchIssue, isMatching } from "./dispatch-issue.ts";
import type { DispatchParts } from "./dispatch-parts.ts";
import type { FreshReader } from "./fresh-reader.ts";
import { startedBy } from "./read-claims.ts";

/** A claimed issue is read again before each turn unless it was read this recently. */
export const turnReadMs = 5_000;

/** What starting a turn needs. */
export type TurnParts = {
  readonly parts: DispatchParts;
  readonly freshly: FreshReader;
  /** Why something could not be started, for users; by issue. */
  readonly problems: Map<number, string>;
};

/** Starts a turn. The agent is on disk before the claim refers to it; a claim that lags behind its agent is corrected by the next look. */
export async function beginTurn(
  { parts, problems }: Omit<TurnParts, "freshly">,
  { claim, agent, issue }: ClaimView,
  resume: boolean,
  rules: DispatchRules,
): Promise<void> {
  const { records, clock } = parts;
  if (issue === null) return;
  const { issueId, ref, title, project } = issue;
  try {
    const started =
      resume && agent !== null
        ? await parts.agents.resume(agent.id)
        : await parts.agents.start({
            projectId: project,
            issue: { issueId, ref, title },
            name: rules.agent ?? undefined,
            prompt: "",
            plan: false,
            actor: startedBy,
          });
    problems.delete(issueId);
    await records.claims.update(issueId, { agentId: started.agent.id, turns: claim.turns + 1, nextAt: null });
  } catch (error) {
    if (!isPanopticonError(error)) throw error;
    problems.set(issueId, error.message);
    const failures = claim.failures + 1;
    await records.claims.update(issueId, { failures, nextAt: clock.now() + backoffMs(failures, rules.retries) });
  }
}

/** Reads a candidate again, claims it, and starts its first turn. */
export async function takeIssue(turn: TurnParts, issue: DispatchIssue, rules: DispatchRules): Promise<void> {
  const { parts, freshly } = turn;
  const { records, clock } = parts;
  const { issueId, project } = issue;
  await freshly.read(issueId, turnReadMs);
  if (freshly.whyNot(issueId) !== null) return;
  const now = (await parts.issue(issueId))?.issue;
  if (now === undefined || !isMatching(now, rules.when) || now.blockedBy.length > 0) return;
  // The slot was for another status; the next turn checks whether there is one for this status.
  if (now.status !== issue.status) return;
  const claimedAt = clock.now();
  if (!(await records.claims.take({ issueId, project, claimedAt }))) return;
  const claim: Claim = {
    issueId,
    ref: now.ref,
    project,
    claimedAt,
    agentId: null,
    turns: 0,
    failures: 0,
    nextAt: null,
    ended: null,
  };
  await beginTurn(turn, { ...emptyView, claim, issue: now }, false, rules);
}

const emptyView = {
  agent: null,
  setByHandAt: null,
  problem: null,
  spent: { cost: 0, tokens: 0 },
  spentToday: { cost: 0, tokens: 0 },
};
