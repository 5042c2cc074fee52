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

/** A worktree changes without telling anybody: looked at again so often while it is shown. */
const worktreeMs = 4000;

/** More than are ever at work at once. */
const fewAgents = 200;
const maxAgents = 1000;

/** Those at work, then the last that ended. Events say when one comes into another state; its last line comes with this. */
export const agentsQuery = queryOptions({
  queryKey: workKeys.agents,
  queryFn: ({ signal }) => workApi.agents(fewAgents, signal),
});

/** The same, with as many of those that ended as one answer takes. */
export const moreAgentsQuery = queryOptions({
  queryKey: [...workKeys.agents, "more"],
  queryFn: ({ signal }) => workApi.agents(maxAgents, signal),
});

/** One of them, however long ago it ended. */
export function agentQuery(id: string) {
  return queryOptions({
    queryKey: [...workKeys.agents, id],
    queryFn: ({ signal }) => workApi.agent(id, signal),
    retry: false,
  });
}

export const workspacesQuery = queryOptions({
  queryKey: workKeys.workspaces,
  queryFn: ({ signal }) => workApi.workspaces(signal),
});

/** What a workspace changes against its base. */
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

/** Which agents can be started. */
export const profilesQuery = queryOptions({
  queryKey: workKeys.profiles,
  queryFn: ({ signal }) => workApi.profiles(signal),
  staleTime: 60_000,
});

/** What dispatch does, and would do. */
export const dispatchQuery = queryOptions({
  queryKey: workKeys.dispatch,
  queryFn: ({ signal }) => workApi.dispatch(signal),
  staleTime: 0,
  refetchInterval: 5000,
});
