import type { DispatchShape } from "../../../src/server/contract/dispatch.ts";
import type {
  AgentInput,
  AgentProfilesShape,
  AgentShape,
  AgentsShape,
  ChangesShape,
  LogShape,
  RemovedShape,
  StateShape,
  WorkspaceShape,
  WorkspacesShape,
} from "../../../src/server/contract/work.ts";
import { call } from "./client.ts";

export type AgentDraft = AgentInput;

function ofAgent(id: string): string {
  return `/api/agents/${encodeURIComponent(id)}`;
}

function ofWorkspace(id: string): string {
  return `/api/workspaces/${encodeURIComponent(id)}`;
}

/** The calls about workspaces and the agents in them. */
export const workApi = {
  agents: async (signal?: AbortSignal) => (await call<AgentsShape>("/api/agents", { signal })).agents,

  profiles: async (signal?: AbortSignal) =>
    (await call<AgentProfilesShape>("/api/agent-profiles", { signal })).profiles,

  dispatch: (signal?: AbortSignal) => call<DispatchShape>("/api/dispatch", { signal }),

  startAgent: (draft: AgentDraft) => call<AgentShape>("/api/agents", { method: "POST", body: draft }),

  message: (id: string, text: string) => call<AgentShape>(`${ofAgent(id)}/message`, { method: "POST", body: { text } }),

  stop: (id: string) => call<AgentShape>(`${ofAgent(id)}/stop`, { method: "POST" }),

  resume: (id: string, prompt: string) =>
    call<AgentShape>(`${ofAgent(id)}/resume`, {
      method: "POST",
      body: { wait: false, ...(prompt === "" ? {} : { prompt }) },
    }),

  workspaces: async (signal?: AbortSignal) => (await call<WorkspacesShape>("/api/workspaces", { signal })).workspaces,

  /** Answers at once; the steps' output is in the log. */
  createWorkspace: (ref: string) =>
    call<WorkspaceShape>("/api/workspaces", { method: "POST", body: { ref, wait: false } }),

  removeWorkspace: (id: string, force: boolean) =>
    call<RemovedShape>(ofWorkspace(id), {
      method: "DELETE",
      query: new URLSearchParams(force ? { force: "true" } : {}),
    }),

  /** What its steps wrote; below zero: from the end. */
  workspaceLog: (id: string, from: number, signal?: AbortSignal) =>
    call<LogShape>(`${ofWorkspace(id)}/log`, { query: new URLSearchParams({ from: String(from) }), signal }),

  changes: (id: string, signal?: AbortSignal) => call<ChangesShape>(`${ofWorkspace(id)}/changes`, { signal }),

  state: (id: string, signal?: AbortSignal) => call<StateShape>(`${ofWorkspace(id)}/state`, { signal }),

  openRequest: (id: string) => call<WorkspaceShape>(`${ofWorkspace(id)}/request`, { method: "POST", body: {} }),
};
