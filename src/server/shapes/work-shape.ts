import type { Agent } from "../../domain/agent.ts";
import type { BranchRequest, Workspace } from "../../domain/workspace.ts";
import type { WorkspaceChanges } from "../../domain/workspace-changes.ts";
import type { Push } from "../../work/requests/requests.ts";
import type { StateText } from "../../work/state/read-state.ts";
import type { WorkspaceWithFacts } from "../../work/workspaces/workspaces.ts";
import type { AgentShape, ChangesShape, RequestShape, StateShape, WorkspaceShape } from "../contract/work.ts";
import { toNullableTime, toTime } from "./issue-shape.ts";

const maxFiles = 100;

/** `push`: of its branch, if one is under way. */
export function toWorkspaceShape(workspace: WorkspaceWithFacts, push: Push | null = null): WorkspaceShape {
  const { issue, facts, request } = workspace;
  return {
    id: String(workspace.id),
    ref: issue.ref,
    title: issue.title,
    tracker: issue.tracker,
    mirrored: issue.issueId !== null,
    project: workspace.project,
    path: workspace.path,
    branch: workspace.branch,
    checkedOut: facts.checkedOut,
    base: workspace.base,
    state: workspace.state,
    step: workspace.step,
    problem: workspace.problem,
    notes: [...workspace.notes],
    present: facts.present,
    trouble: facts.trouble,
    dirty: facts.dirty.length > 0,
    dirtyFiles: facts.dirty.slice(0, maxFiles),
    ahead: facts.ahead,
    behind: facts.behind,
    unpublished: facts.unpublished,
    createdAt: toTime(workspace.createdAt),
    request: request === null ? null : toRequestShape(request),
    pushing: push === null ? null : { since: toTime(push.since), logFrom: push.logFrom },
  };
}

export function toRequestShape({ url, name, number, state }: BranchRequest): RequestShape {
  return { url, name, number, state };
}

export function toChangesShape({ commits, files, totals, request, ...ends }: WorkspaceChanges): ChangesShape {
  return {
    ...ends,
    commits: commits.map((commit) => ({ ...commit, at: toTime(commit.at) })),
    files: files.map((file) => ({ ...file })),
    totals,
    request: request === null ? null : toRequestShape(request),
  };
}

export function toStateShape(state: StateText | null): StateShape {
  return state === null
    ? { text: null, updatedAt: null, truncated: false }
    : { ...state, updatedAt: toTime(state.updatedAt) };
}

export function toAgentShape(agent: Agent, workspace: Pick<Workspace, "branch" | "path"> | null): AgentShape {
  const { issue } = agent;
  return {
    id: String(agent.id),
    ref: issue.ref,
    title: issue.title,
    tracker: issue.tracker,
    project: agent.project,
    name: agent.name,
    plan: agent.plan,
    state: agent.state,
    since: toTime(agent.since),
    reason: agent.reason,
    startedAt: toTime(agent.startedAt),
    endedAt: toNullableTime(agent.endedAt),
    exitCode: agent.exitCode,
    turn: agent.turn,
    workspace: agent.workspaceId === null ? null : String(agent.workspaceId),
    branch: workspace?.branch ?? null,
    path: workspace?.path ?? null,
    session: agent.session,
    lastLine: agent.lastLine,
    choices: [...(agent.choices ?? [])],
    lastOutputAt: toNullableTime(agent.lastOutputAt),
    startedBy: agent.actor,
    cost: agent.cost,
    tokens: agent.tokens,
  };
}
