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

/** What the commands of workspaces and agents ask: the server where one runs, else this process under the data directory's lock. */
export type Working = {
  /** Begins it; its state tells when its steps are done or one has failed. */
  createWorkspace(ref: string): Promise<BegunWorkspaceShape>;
  workspace(id: string): Promise<WorkspaceShape>;
  /** All of them. */
  workspaces(): Promise<WorkspacesShape>;
  workspaceLog(id: string, from: number): Promise<LogShape>;
  removeWorkspace(id: string, force: boolean): Promise<RemovedShape>;
  openRequest(id: string, wish: RequestWish): Promise<RequestShape>;
  startAgent(request: AgentRequest): Promise<AgentShape>;
  /** All of them. */
  agents(): Promise<AgentsShape>;
  message(id: string, text: string): Promise<AgentShape>;
  stopAgent(id: string): Promise<AgentShape>;
  resumeAgent(id: string, prompt: string | undefined): Promise<AgentShape>;
  agentLog(id: string, from: number): Promise<LogShape>;
  attach(id: string): Promise<AttachShape>;
  /** Takes a turn of dispatch, unless `dryRun`; how it stands then. */
  dispatch(dryRun: boolean): Promise<DispatchShape>;
  close(): Promise<void>;
};
