import { type Agent, type Claim, isLiving } from "../../domain/agent.ts";
import { isFinished, statusLabels } from "../../domain/status.ts";
import type { DispatchRules } from "../../domain/work-settings.ts";
import { stoppedBeforeItBegan } from "../agents/end-agent.ts";
import { isSilence } from "../agents/watch-agent.ts";
import { type DispatchIssue, hasItsPeople, isMatching } from "./dispatch-issue.ts";
import { ceilingOf, type Spending } from "./spending.ts";

/** A claim and everything known about it. */
export type ClaimView = {
  readonly claim: Claim;
  /** null if it is no longer on the board; if its tracker is not available, the last known state. */
  readonly issue: DispatchIssue | null;
  /** When a person last set its status. */
  readonly setByHandAt: number | null;
  /** The last agent started on it since it was claimed. */
  readonly agent: Agent | null;
  /** Why the last start did not even create an agent. */
  readonly problem: string | null;
  /** Of all its agents since it was claimed. */
  readonly spent: Spending;
  readonly spentToday: Spending;
};

/** What to do about a claim. Decided each time from what is on disk, so an interrupted step is simply repeated. */
export type ClaimStep =
  | { readonly do: "wait"; readonly why: string | null }
  /** Release the claim without stopping anything. */
  | { readonly do: "release" }
  /** Done or canceled: stop the agent and remove the workspace, unless work would be lost. */
  | { readonly do: "finish"; readonly why: string }
  /** Stop the agent, keep the workspace, and leave the issue alone until it stops matching; see `isLeftAlone`. */
  | { readonly do: "let_go"; readonly why: string }
  | { readonly do: "stop_stalled"; readonly why: string; readonly patch: ClaimPatch }
  | { readonly do: "note"; readonly patch: ClaimPatch }
  /** Start a turn if there is a slot. `resume`: continue in the agent's own session. */
  | { readonly do: "begin"; readonly resume: boolean };

export type ClaimPatch = Partial<Pick<Claim, "agentId" | "turns" | "failures" | "nextAt">>;

/** The wait after a clean exit. */
const nextTurnMs = 1_000;

const stallReason = "no sign of life";

const noLongerThere = "the issue is not on the board any more";

/** The wait after the n-th consecutive failure. */
export function backoffMs(failures: number, { backoffMs: first, capMs }: DispatchRules["retries"]): number {
  return Math.min(capMs, first * 2 ** Math.max(0, failures - 1));
}

export function decideClaim(view: ClaimView, rules: DispatchRules, now: number): ClaimStep {
  const { claim, issue, agent } = view;
  if (issue === null) return claim.ended === null ? { do: "let_go", why: noLongerThere } : { do: "release" };
  if (claim.ended !== null)
    return isLeftAlone(view, issue, rules) ? { do: "wait", why: claim.ended } : { do: "release" };
  if (isFinished(issue.status)) return { do: "finish", why: statusLabels[issue.status].toLowerCase() };
  if (view.setByHandAt !== null && view.setByHandAt > claim.claimedAt) {
    return { do: "let_go", why: `somebody moved it to ${statusLabels[issue.status]}` };
  }
  if (!hasItsPeople(issue, rules.when))
    return { do: "let_go", why: "its labels or its assignee do not match any more" };
  if (agent === null) return decideNext(view, issue, rules, now);
  if (isNewRun(claim, agent)) {
    return { do: "note", patch: { agentId: agent.id, turns: claim.turns + 1, nextAt: null } };
  }
  if (isLiving(agent.state)) return decideLiving(claim, agent, rules, now);
  return claim.nextAt === null ? decideEnd(claim, agent, rules, now) : decideNext(view, issue, rules, now);
}

/**
 * Whether an issue that was let go still shows why: until it stops matching. That its own agent moved it to another status does not count; a person has to, or
 * finish it, or take its label or assignee away.
 */
function isLeftAlone({ claim, setByHandAt }: ClaimView, issue: DispatchIssue, { when }: DispatchRules): boolean {
  if (isMatching(issue, when)) return true;
  const isMovedByHand = setByHandAt !== null && setByHandAt > claim.claimedAt;
  return !isMovedByHand && !isFinished(issue.status) && hasItsPeople(issue, when);
}

/** Whether an agent started that the claim does not contain: the process died in between, or a person started it. */
function isNewRun({ agentId, nextAt }: Claim, agent: Agent): boolean {
  return (
    agentId !== agent.id || (nextAt !== null && isLiving(agent.state)) || (nextAt !== null && agent.startedAt >= nextAt)
  );
}

function decideLiving(claim: Claim, agent: Agent, rules: DispatchRules, now: number): ClaimStep {
  const isAsking = agent.state === "waiting" && !isSilence(agent.reason);
  const lastSign = Math.max(agent.startedAt, agent.lastOutputAt ?? 0, isSilence(agent.reason) ? 0 : agent.since);
  if (isAsking) return { do: "wait", why: null };
  if (agent.state === "starting" || now - lastSign < rules.stallMs) return { do: "wait", why: null };
  const why = `${stallReason} for ${Math.round((now - lastSign) / 1_000)} s`;
  return { do: "stop_stalled", why, patch: afterFailure(claim, rules, now) };
}

function afterFailure({ failures }: Claim, rules: DispatchRules, now: number): ClaimPatch {
  return { failures: failures + 1, nextAt: now + backoffMs(failures + 1, rules.retries) };
}

function decideEnd(claim: Claim, agent: Agent, rules: DispatchRules, now: number): ClaimStep {
  if (agent.state === "finished") return { do: "note", patch: { failures: 0, nextAt: now + nextTurnMs } };
  if (agent.state === "stopped" && !(agent.reason ?? "").startsWith(stallReason)) {
    return {
      do: "let_go",
      why: `its agent was ${agent.reason?.startsWith("stopped") === true ? agent.reason : "stopped"}`,
    };
  }
  // The server died before the turn started, which is neither a failure nor a turn.
  if (agent.reason === stoppedBeforeItBegan) return { do: "note", patch: { turns: claim.turns - 1, nextAt: now + 1 } };
  return { do: "note", patch: afterFailure(claim, rules, now) };
}

/** Whether a claim occupies a slot: while its agent runs, and between two turns. It does not while waiting after a failure, or for a review. */
export function holdsSlot({ claim, issue, agent }: Pick<ClaimView, "claim" | "issue" | "agent">): boolean {
  if (agent !== null && isLiving(agent.state)) return true;
  if (claim.ended !== null || claim.failures > 0) return false;
  return agent?.state !== "finished" || issue?.status !== "in_review";
}

/** Decides between two turns, or before the first. */
function decideNext(view: ClaimView, issue: DispatchIssue, rules: DispatchRules, now: number): ClaimStep {
  const { claim, agent, spent, spentToday } = view;
  const failed = claim.failures > 0;
  const reason = view.problem ?? agent?.reason ?? "without a reason";
  if (claim.failures >= rules.retries.attempts) {
    const times = claim.failures === 1 ? "once" : `${claim.failures} times in a row`;
    return { do: "let_go", why: `it failed ${times}: ${reason}` };
  }
  // Handed in: the reviewer decides how it continues.
  if (agent !== null && !failed && issue.status === "in_review") {
    return { do: "wait", why: "handed in, waits for its review" };
  }
  if (claim.turns >= rules.turns) return { do: "let_go", why: `its ${rules.turns} turns are used up` };
  const most = ceilingOf(spent, "perIssue", rules);
  if (most !== null) return { do: "let_go", why: most };
  const today = ceilingOf(spentToday, "perDay", rules);
  if (today !== null) return { do: "wait", why: today };
  if (claim.nextAt === null || now >= claim.nextAt) return { do: "begin", resume: agent !== null && !failed };
  return { do: "wait", why: failed ? `to be tried again after a failure: ${reason}` : null };
}
