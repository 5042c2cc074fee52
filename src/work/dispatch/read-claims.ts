import type { Agent, Claim } from "../../domain/agent.ts";
import type { ClaimView } from "./decide-claim.ts";
import type { DispatchParts } from "./dispatch-parts.ts";
import { ofToday, type Spending, spendingOf } from "./spending.ts";

/** Enough to count a day's cost. */
const endedAgents = 1_000;

/** The actor that starts dispatch's agents, as the history names it. */
export const startedBy = "dispatch";

/** The claims and everything known about them; `problems`: why something could not be started. */
export async function readClaims(
  parts: DispatchParts,
  problems: ReadonlyMap<number, string>,
): Promise<{ readonly spentToday: Spending; readonly views: readonly ClaimView[] }> {
  const { records, clock } = parts;
  const agents = await records.agents.list({ endedLimit: endedAgents });
  const spentToday = spendingOf(
    ofToday(
      agents.filter(({ actor }) => actor === startedBy),
      clock.now(),
    ),
  );
  const claims = await records.claims.list();
  const views = claims.map((claim) =>
    viewOf(parts, claim, agents, { problem: problems.get(claim.issueId) ?? null, spentToday }),
  );
  return { spentToday, views: await Promise.all(views) };
}

async function viewOf(
  parts: DispatchParts,
  claim: Claim,
  agents: readonly Agent[],
  known: Pick<ClaimView, "problem" | "spentToday">,
): Promise<ClaimView> {
  const found = await parts.issue(claim.issueId);
  // An agent whose issue is no longer on the board can only be found by its number.
  const own = agents.filter(
    ({ id, issue, startedAt }) =>
      (issue.issueId === claim.issueId || id === claim.agentId) && startedAt >= claim.claimedAt,
  );
  const agent = own.reduce<Agent | null>((last, one) => (last === null || one.id > last.id ? one : last), null);
  return {
    claim,
    issue: found?.issue ?? null,
    setByHandAt: found?.setByHandAt ?? null,
    agent,
    spent: spendingOf(own),
    ...known,
  };
}
