import { isLiving } from "../../domain/agent.ts";
import type { DispatchRules } from "../../domain/work-settings.ts";
import { byUrgency, type DispatchIssue, isMatching } from "./dispatch-issue.ts";
import type { Slots } from "./slots.ts";
import { ceilingOf, type Spending } from "./spending.ts";

export type StartsInput = {
  readonly issues: readonly DispatchIssue[];
  readonly rules: DispatchRules;
  /** Issues with a claim, whatever its state. */
  readonly claimed: ReadonlySet<number>;
  readonly slots: Slots;
  readonly spentToday: Spending;
  /** Why nothing new starts; null if it may. */
  readonly paused: string | null;
  /** Why no workspace can be created for a project's issues; null if one can. */
  readonly withoutCheckout: (project: string) => string | null;
  /** Why this issue could not be started before. */
  readonly problemOf: (issueId: number) => string | null;
};

export type Starts = {
  /** In the order in which they start. */
  readonly start: readonly DispatchIssue[];
  /** The other matching issues, with the reason why they do not start. */
  readonly others: readonly { readonly issue: DispatchIssue; readonly why: string }[];
};

/** Which issues start an agent now, and why the other matching ones do not. Claimed issues are left out. */
export function planStarts(input: StartsInput): Starts {
  const { rules, slots } = input;
  const start: DispatchIssue[] = [];
  const others: { issue: DispatchIssue; why: string }[] = [];
  const today = ceilingOf(input.spentToday, "perDay", rules);
  for (const issue of input.issues.toSorted(byUrgency)) {
    if (!isMatching(issue, rules.when) || input.claimed.has(issue.issueId)) continue;
    const why =
      input.paused ??
      input.withoutCheckout(issue.project) ??
      blockers(issue) ??
      (issue.agentState !== null && isLiving(issue.agentState) ? "an agent is at work on it already" : null) ??
      input.problemOf(issue.issueId) ??
      today ??
      slots.fullForNew(issue.status);
    if (why !== null) {
      others.push({ issue, why });
      continue;
    }
    slots.take(issue.status);
    start.push(issue);
  }
  return { start, others };
}

function blockers({ blockedBy }: DispatchIssue): string | null {
  return blockedBy.length === 0 ? null : `blocked by ${blockedBy.join(", ")}`;
}
