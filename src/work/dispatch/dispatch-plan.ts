import type { Agent, Claim } from "../../domain/agent.ts";
import { statusLabels } from "../../domain/status.ts";
import { type DispatchRules, isForEverything } from "../../domain/work-settings.ts";
import { type ClaimStep, type ClaimView, decideClaim, holdsSlot } from "./decide-claim.ts";
import type { DispatchIssue } from "./dispatch-issue.ts";
import type { FreshReader } from "./fresh-reader.ts";
import type { Starts } from "./plan-starts.ts";
import type { Slots } from "./slots.ts";
import type { Spending } from "./spending.ts";

/** The state of dispatch, for `GET /api/dispatch` and `pan dispatch`. */
export type DispatchPlan = Starts & {
  /** null: dispatch is off. */
  readonly rules: DispatchRules | null;
  /** Why nothing new starts, even on matching issues. */
  readonly paused: string | null;
  /** What may be unintended about the rules; null if nothing. */
  readonly warning: string | null;
  readonly claims: readonly {
    readonly claim: Claim;
    readonly issue: DispatchIssue | null;
    readonly agent: Agent | null;
    /** Why it does not continue now; null if it is running, or its next turn is scheduled. */
    readonly why: string | null;
    readonly spent: Spending;
  }[];
  readonly slotsUsed: number;
  readonly spentToday: Spending;
};

/** The state of each claimed issue under these rules, for users. */
export function describeClaims(
  views: readonly ClaimView[],
  rules: DispatchRules | null,
  { now, slots, whyNot }: { readonly now: number; readonly slots: Slots } & Pick<FreshReader, "whyNot">,
): DispatchPlan["claims"] {
  return views.map((view) => {
    const { claim, issue, agent, spent } = view;
    const step = rules && decideClaim(view, rules, now);
    const why = claim.ended ?? (issue && whyNot(claim.issueId)) ?? whyOf(step, view, slots);
    return { claim, issue, agent, spent, why };
  });
}

/** What may be unintended about the rules; null if nothing. */
export function warningOf(when: DispatchRules["when"]): string | null {
  if (!isForEverything(when)) return null;
  const statuses = when.status.map((status) => statusLabels[status]).join(" or ");
  return `The rules name no label, assignee or project: every issue that is ${statuses} starts an agent, whoever it is assigned to.`;
}

function whyOf(
  step: ClaimStep | null,
  view: Pick<ClaimView, "claim" | "issue" | "agent">,
  slots: Slots,
): string | null {
  if (step === null) return null;
  if (step.do === "wait" || step.do === "let_go" || step.do === "finish") return step.why;
  return step.do === "begin" && view.issue !== null && !holdsSlot(view) ? slots.full(view.issue.status) : null;
}
