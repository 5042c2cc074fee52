import { queryOptions } from "@tanstack/react-query";
import { workApi } from "./work-endpoints.ts";

export const workKeys = {
  agents: ["agents"],
  profiles: ["agent-profiles"],
  dispatch: ["dispatch"],
  workspaces: ["workspaces"],
  changes: ["changes"],
  state: ["state"],
} as const;

/** Worktrees change without an event, so poll them at this interval while shown. */
const worktreeMs = 4000;

/** More agents than ever run at once. */
const fewAgents = 200;
const maxAgents = 1000;

/** Running agents, then those that ended most recently. Events report state changes; the last output line needs a refetch. */
export const agentsQuery = queryOptions({
  queryKey: workKeys.agents,
  queryFn: ({ signal }) => workApi.agents(fewAgents, signal),
});

/** The same list with as many ended agents as one response holds. */
export const moreAgentsQuery = queryOptions({
  queryKey: [...workKeys.agents, "more"],
  queryFn: ({ signal }) => workApi.agents(maxAgents, signal),
});

/** A single agent, however long ago it ended. */
export function agentQuery(id: string) {
  return queryOptions({
    queryKey: [...workKeys.agents, id],
    queryFn: ({ signal }) => workApi.agent(id, signal),
    retry: false,
  });
}

/** The workspaces of an issue. Never those of all issues: git looks into each. */
export function workspacesQuery(address: string) {
  return queryOptions({
    queryKey: [...workKeys.workspaces, "of", address],
    queryFn: ({ signal }) => workApi.workspacesOf(address, signal),
  });
}

/** A workspace; null if it was removed. */
export function workspaceQuery(id: string) {
  return queryOptions({
    queryKey: [...workKeys.workspaces, id],
    queryFn: ({ signal }) => workApi.workspace(id, signal),
  });
}

/** A workspace's changes against its base. */
export function changesQuery(workspace: string) {
  return queryOptions({
    queryKey: [...workKeys.changes, workspace],
    queryFn: ({ signal }) => workApi.changes(workspace, signal),
    refetchInterval: worktreeMs,
    staleTime: 0,
  });
}

/** The workspace's STATE.md. */
export function stateQuery(workspace: string) {
  return queryOptions({
    queryKey: [...workKeys.state, workspace],
    queryFn: ({ signal }) => workApi.state(workspace, signal),
    refetchInterval: worktreeMs,
    staleTime: 0,
  });
}

/** The agents that can be started. */
export const profilesQuery = queryOptions({
  queryKey: workKeys.profiles,
  queryFn: ({ signal }) => workApi.profiles(signal),
  staleTime: 60_000,
});

/** What dispatch is doing and would do next. */
export const dispatchQuery = queryOptions({
  queryKey: workKeys.dispatch,
  queryFn: ({ signal }) => workApi.dispatch(signal),
  staleTime: 0,
  refetchInterval: 5000,
});
