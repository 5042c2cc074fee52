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

export type AgentRequest = {
  readonly ref: string;
  readonly agent?: string | undefined;
  readonly prompt: string;
  readonly plan: boolean;
};

export type RequestWish = { readonly title?: string; readonly body?: string; readonly draft: boolean };

/** The operations behind the workspace and agent commands: through the running server, otherwise in this process under the data directory's lock. */
export type Working = {
  /** Starts creating it; its state tells when its steps are done or one has failed. */
  createWorkspace(ref: string): Promise<BegunWorkspaceShape>;
  workspace(id: string): Promise<WorkspaceShape>;
  /** All workspaces. Git looks into each, so a command about one asks for those `of` its issue; there are none of an unknown one. */
  workspaces(of?: string): Promise<WorkspacesShape>;
  workspaceLog(id: string, from: number): Promise<LogShape>;
  removeWorkspace(id: string, force: boolean): Promise<RemovedShape>;
  openRequest(id: string, wish: RequestWish): Promise<RequestShape>;
  startAgent(request: AgentRequest): Promise<AgentShape>;
  /** All agents. */
  agents(): Promise<AgentsShape>;
  message(id: string, text: string): Promise<AgentShape>;
  stopAgent(id: string): Promise<AgentShape>;
  resumeAgent(id: string, prompt: string | undefined): Promise<AgentShape>;
  agentLog(id: string, from: number): Promise<LogShape>;
  attach(id: string): Promise<AttachShape>;
  /** Runs one turn of dispatch, unless `dryRun`; resolves with its state afterwards. */
  dispatch(dryRun: boolean): Promise<DispatchShape>;
  close(): Promise<void>;
};
