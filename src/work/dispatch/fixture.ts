import type { Agent, Claim } from "../../domain/agent.ts";
import type { DispatchRules } from "../../domain/work-settings.ts";
import type { DispatchIssue } from "./dispatch-issue.ts";

export function makeRules(when: Partial<DispatchRules["when"]> = {}, part: Partial<DispatchRules> = {}): DispatchRules {
  return {
    when: { status: ["backlog", "planning"], labels: [], assignee: [], project: [], ...when },
    agent: null,
    limit: { total: 4, perStatus: {} },
    retries: { backoffMs: 10_000, capMs: 300_000, attempts: 5 },
    stallMs: 300_000,
    turns: 20,
    cost: { perIssue: null, perDay: null },
    tokens: { perIssue: null, perDay: null },
    ...part,
  };
}

export function makeIssue(part: Partial<DispatchIssue> = {}): DispatchIssue {
  const issueId = part.issueId ?? 1;
  return {
    issueId,
    ref: `shop#${issueId}`,
    address: `acme/shop#${issueId}`,
    title: `Issue ${issueId}`,
    tracker: "alpha",
    project: "shop",
    status: "backlog",
    priority: 0,
    createdAt: issueId,
    labels: [],
    assignees: [],
    blockedBy: [],
    agentState: null,
    ...part,
  };
}

export function makeClaim(part: Partial<Claim> = {}): Claim {
  return {
    issueId: 1,
    ref: "shop#1",
    project: "shop",
    claimedAt: 0,
    agentId: null,
    turns: 0,
    failures: 0,
    nextAt: null,
    ended: null,
    ...part,
  };
}

export function makeAgent(part: Partial<Agent> = {}): Agent {
  return {
    id: 1,
    workspaceId: 1,
    issue: { issueId: 1, ref: "shop#1", title: "Issue 1", tracker: "alpha" },
    project: "shop",
    name: "scripted",
    plan: false,
    prompt: "",
    state: "running",
    since: 0,
    reason: null,
    startedAt: 0,
    endedAt: null,
    exitCode: null,
    session: "agent-1",
    turn: 1,
    lastLine: null,
    lastOutputAt: null,
    actor: "dispatch",
    cost: null,
    tokens: null,
    ...part,
  };
}
