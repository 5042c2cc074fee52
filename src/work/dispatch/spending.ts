import type { Agent } from "../../domain/agent.ts";
import type { DispatchRules } from "../../domain/work-settings.ts";

/** The usage that agents reported; agents that report nothing count as zero. */
export type Spending = { readonly cost: number; readonly tokens: number };

export function spendingOf(agents: readonly Pick<Agent, "cost" | "tokens">[]): Spending {
  return {
    cost: agents.reduce((sum, { cost }) => sum + (cost ?? 0), 0),
    tokens: agents.reduce((sum, { tokens }) => sum + (tokens ?? 0), 0),
  };
}

/** Agents that ran since midnight, in this machine's time zone. */
export function ofToday<A extends Pick<Agent, "startedAt" | "lastOutputAt">>(
  agents: readonly A[],
  now: number,
): readonly A[] {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  return agents.filter(({ startedAt, lastOutputAt }) => Math.max(startedAt, lastOutputAt ?? 0) >= midnight);
}

/** Why no turn starts because of spending; null if it may. */
export function ceilingOf(
  { cost, tokens }: Spending,
  which: "perIssue" | "perDay",
  rules: Pick<DispatchRules, "cost" | "tokens">,
): string | null {
  const where = which === "perIssue" ? "on this issue" : "today";
  const most = { cost: rules.cost[which], tokens: rules.tokens[which] };
  if (most.cost !== null && cost >= most.cost) return `$${cost.toFixed(2)} of $${most.cost} are spent ${where}`;
  if (most.tokens !== null && tokens >= most.tokens) return `${tokens} of ${most.tokens} tokens are used ${where}`;
  return null;
}
