import type { DispatchRules } from "../../domain/work-settings.ts";
import type { DispatchPlan } from "../../work/dispatch/dispatch-plan.ts";
import type { DispatchIssue } from "../../work/dispatch/dispatch-issue.ts";
import type { DispatchShape } from "../contract/dispatch.ts";
import { toNullableTime, toTime } from "./issue-shape.ts";

export function toDispatchShape(plan: DispatchPlan): DispatchShape {
  const { rules } = plan;
  return {
    enabled: rules !== null,
    paused: plan.paused,
    warning: plan.warning,
    rules: rules && toRulesShape(rules),
    slots: { used: plan.slotsUsed, total: rules?.limit.total ?? 0 },
    spentToday: plan.spentToday,
    start: plan.start.map(toShape),
    others: plan.others.map(({ issue, why }) => ({ ...toShape(issue), reason: why })),
    claimed: plan.claims.map(({ claim, issue, agent, why, spent }) => ({
      ref: issue?.ref ?? claim.ref,
      address: issue?.address ?? null,
      title: issue?.title ?? null,
      tracker: issue?.tracker ?? null,
      project: claim.project,
      status: issue?.status ?? null,
      claimedAt: toTime(claim.claimedAt),
      agent: agent && { id: String(agent.id), name: agent.name, state: agent.state, since: toTime(agent.since) },
      turns: claim.turns,
      failures: claim.failures,
      nextAt: toNullableTime(claim.nextAt),
      ended: claim.ended !== null,
      reason: why,
      spent,
    })),
  };
}

function toShape({ ref, address, title, tracker, project, status, priority }: DispatchIssue) {
  return { ref, address, title, tracker, project, status, priority };
}

function toRulesShape({ when, agent, limit, retries, turns, cost, tokens }: DispatchRules) {
  return {
    when: {
      status: [...when.status],
      labels: [...when.labels],
      assignee: [...when.assignee],
      project: [...when.project],
    },
    agent,
    limit: { total: limit.total, perStatus: { ...limit.perStatus } },
    attempts: retries.attempts,
    turns,
    cost,
    tokens,
  };
}
