import type { DispatchShape } from "../../../src/server/contract/dispatch.ts";
import type {
  AgentInput,
  AgentProfilesShape,
  AgentShape,
  AgentsShape,
  ChangesShape,
  LogShape,
  MessageInput,
  RemovedShape,
  StateShape,
  WorkspaceShape,
  WorkspacesShape,
} from "../../../src/server/contract/work.ts";
import { call, toApiError } from "./client.ts";

export type AgentDraft = AgentInput;

function ofAgent(id: string): string {
  return `/api/agents/${encodeURIComponent(id)}`;
}

function ofWorkspace(id: string): string {
  return `/api/workspaces/${encodeURIComponent(id)}`;
}

/** Null instead of a failure because there is no such thing. */
async function unlessGone<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (toApiError(error).code === "not_found") return null;
    throw error;
  }
}

/** The calls about workspaces and agents. */
export const workApi = {
  /** Running agents, then those that ended most recently, up to `limit`, and the total. */
  agents: (limit: number, signal?: AbortSignal) =>
    call<AgentsShape>("/api/agents", { query: new URLSearchParams({ limit: String(limit) }), signal }),

  agent: (id: string, signal?: AbortSignal) => call<AgentShape>(ofAgent(id), { signal }),

  profiles: async (signal?: AbortSignal) =>
    (await call<AgentProfilesShape>("/api/agent-profiles", { signal })).profiles,

  dispatch: (signal?: AbortSignal) => call<DispatchShape>("/api/dispatch", { signal }),

  startAgent: (draft: AgentDraft) => call<AgentShape>("/api/agents", { method: "POST", body: draft }),

  message: (id: string, body: MessageInput) => call<AgentShape>(`${ofAgent(id)}/message`, { method: "POST", body }),

  stop: (id: string) => call<AgentShape>(`${ofAgent(id)}/stop`, { method: "POST" }),

  resume: (id: string, prompt: string) =>
    call<AgentShape>(`${ofAgent(id)}/resume`, {
      method: "POST",
      body: { wait: false, ...(prompt === "" ? {} : { prompt }) },
    }),

  /** The workspaces of an issue; none if it is gone. */
  workspacesOf: async (address: string, signal?: AbortSignal): Promise<readonly WorkspaceShape[]> => {
    const query = new URLSearchParams({ ref: address });
    const found = await unlessGone(call<WorkspacesShape>("/api/workspaces", { query, signal }));
    return found?.workspaces ?? [];
  },

  /** A workspace; null if it was removed. */
  workspace: (id: string, signal?: AbortSignal) => unlessGone(call<WorkspaceShape>(ofWorkspace(id), { signal })),

  /** Returns immediately; the log has the output of the steps. */
  createWorkspace: (ref: string) =>
    call<WorkspaceShape>("/api/workspaces", { method: "POST", body: { ref, wait: false } }),

  removeWorkspace: (id: string, force: boolean) =>
    call<RemovedShape>(ofWorkspace(id), {
      method: "DELETE",
      query: new URLSearchParams(force ? { force: "true" } : {}),
    }),

  /** The output of a workspace's steps from an offset; a negative `from` counts from the end. */
  workspaceLog: (id: string, from: number, signal?: AbortSignal) =>
    call<LogShape>(`${ofWorkspace(id)}/log`, { query: new URLSearchParams({ from: String(from) }), signal }),

  changes: (id: string, signal?: AbortSignal) => call<ChangesShape>(`${ofWorkspace(id)}/changes`, { signal }),

  state: (id: string, signal?: AbortSignal) => call<StateShape>(`${ofWorkspace(id)}/state`, { signal }),

  openRequest: (id: string) => call<WorkspaceShape>(`${ofWorkspace(id)}/request`, { method: "POST", body: {} }),

  stopPush: (id: string) => call<WorkspaceShape>(`${ofWorkspace(id)}/request`, { method: "DELETE" }),
};
