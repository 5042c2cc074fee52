import type {
  AgentShape,
  AgentsShape,
  AttachShape,
  BegunWorkspaceShape,
  LogShape,
  RemovedShape,
  RequestShape,
  WorkspaceShape,
  WorkspacesShape,
} from "../../server/contract/work.ts";
import type { DispatchShape } from "../../server/contract/dispatch.ts";
import { isPanopticonError } from "../../domain/error.ts";
import { fetchPages } from "../../domain/fetch-pages.ts";
import type { ServerClient } from "../server/server-client.ts";
import type { Working } from "./working.ts";

/** A ref of no issue or of several, or nothing that could be one. */
const isUnresolved: ReadonlySet<string> = new Set(["not_found", "conflict", "invalid_input"]);

/** Works through a running server; responses are trusted to match its contract. */
export function createServerWorking(client: ServerClient): Working {
  const workspace = (id: string) => `/api/workspaces/${encodeURIComponent(id)}`;
  const agent = (id: string) => `/api/agents/${encodeURIComponent(id)}`;
  const log = async (path: string, from: number) =>
    (await client.get(`${path}/log`, new URLSearchParams({ from: String(from) }))) as LogShape;
  return {
    createWorkspace: async (ref) =>
      (await client.send("POST", "/api/workspaces", { ref, wait: false })) as BegunWorkspaceShape,
    workspace: async (id) => (await client.get(workspace(id))) as WorkspaceShape,
    async workspaces(of) {
      const get = async (query: URLSearchParams) => (await client.get("/api/workspaces", query)) as WorkspacesShape;
      const listing = fetchPages(get, (page) => page.workspaces, of === undefined ? {} : { ref: of });
      const workspaces = await listing.catch((error: unknown) => {
        if (of !== undefined && isPanopticonError(error) && isUnresolved.has(error.code)) return [];
        throw error;
      });
      return { workspaces, total: workspaces.length, cursor: null };
    },
    workspaceLog: (id, from) => log(workspace(id), from),
    removeWorkspace: async (id, force) =>
      (await client.send("DELETE", `${workspace(id)}${force ? "?force=true" : ""}`)) as RemovedShape,
    openRequest: async (id, wish) =>
      (await client.send("POST", `${workspace(id)}/request`, { ...wish })) as RequestShape,
    startAgent: async (request) => (await client.send("POST", "/api/agents", request)) as AgentShape,
    async agents() {
      const get = async (query: URLSearchParams) => (await client.get("/api/agents", query)) as AgentsShape;
      const agents = await fetchPages(get, (page) => page.agents);
      return { agents, total: agents.length, cursor: null };
    },
    message: async (id, text) => (await client.send("POST", `${agent(id)}/message`, { text })) as AgentShape,
    stopAgent: async (id) => (await client.send("POST", `${agent(id)}/stop`)) as AgentShape,
    resumeAgent: async (id, prompt) =>
      (await client.send("POST", `${agent(id)}/resume`, prompt === undefined ? {} : { prompt })) as AgentShape,
    agentLog: (id, from) => log(agent(id), from),
    attach: async (id) => (await client.get(`${agent(id)}/attach`)) as AttachShape,
    dispatch: async (dryRun) =>
      (await (dryRun ? client.get("/api/dispatch") : client.send("POST", "/api/dispatch"))) as DispatchShape,
    close: () => Promise.resolve(),
  };
}
