import type { Agent, Claim } from "./agent.ts";
import type { Workspace } from "./workspace.ts";

/** What changed on the screen: the change log's last number, and the refs of the cards. */
export type WorkChange = { readonly sequence: number; readonly refs: readonly string[] };

export type NewWorkspace = Omit<Workspace, "id" | "issue" | "request" | "createdAt"> & {
  readonly issueId: number;
  readonly at: number;
};

export type WorkspacePatch = Partial<
  Pick<
    Workspace,
    "repository" | "path" | "branch" | "base" | "baseCommit" | "state" | "step" | "problem" | "notes" | "request"
  >
>;

/** Workspaces on disk. Every change is durable when its promise resolves, and tells the issue's card. */
export type WorkspaceRecords = {
  list(): Promise<readonly Workspace[]>;
  find(id: number): Promise<Workspace | null>;
  findOfIssue(issueId: number): Promise<Workspace | null>;
  /** Throws `conflict` when the issue, or the path, has a workspace already. */
  add(workspace: NewWorkspace): Promise<{ readonly id: number; readonly change: WorkChange }>;
  update(id: number, patch: WorkspacePatch): Promise<WorkChange>;
  /** State `removing`, in which no agent is started in it any more; throws `conflict` when one lives in it. */
  beginRemoval(id: number): Promise<WorkChange>;
  remove(id: number): Promise<WorkChange>;
};

export type NewAgent = Pick<Agent, "project" | "name" | "plan" | "prompt" | "actor"> & {
  readonly issueId: number;
  readonly workspaceId: number;
  readonly at: number;
};

export type AgentPatch = Partial<
  Pick<
    Agent,
    | "state"
    | "since"
    | "reason"
    | "startedAt"
    | "endedAt"
    | "exitCode"
    | "session"
    | "turn"
    | "lastLine"
    | "lastOutputAt"
    | "cost"
    | "tokens"
  >
>;

/** Agents on disk; the same holds. */
export type AgentRecords = {
  /** Living ones first, then the last ended: all of them, or `endedLimit`. */
  list(query?: { readonly endedLimit?: number }): Promise<readonly Agent[]>;
  /** Of all agents, in the same order. */
  ids(): Promise<readonly number[]>;
  /** Those there are of these, in this order. */
  findAll(ids: readonly number[]): Promise<readonly Agent[]>;
  find(id: number): Promise<Agent | null>;
  /** The last one that was started on an issue. */
  findOfIssue(issueId: number): Promise<Agent | null>;
  /**
   * State `starting`, with a session of its own (`agent-ID`); throws `conflict` when one lives in the workspace already, `busy` when the workspace is being removed or
   * is gone.
   */
  add(agent: NewAgent): Promise<{ readonly agent: Agent; readonly change: WorkChange }>;
  /**
   * With `from` only when it is in one of these states, and came into it no later than `since`; null: it is not. One that had ended and is started again throws as
   * `add` does.
   */
  update(
    id: number,
    patch: AgentPatch,
    from?: { readonly states: readonly Agent["state"][]; readonly since?: number },
  ): Promise<WorkChange | null>;
};

export type ClaimRecords = {
  list(): Promise<readonly Claim[]>;
  /** false: somebody has it. */
  take(claim: Pick<Claim, "issueId" | "project" | "claimedAt">): Promise<boolean>;
  update(issueId: number, patch: Partial<Omit<Claim, "issueId" | "ref" | "project" | "claimedAt">>): Promise<void>;
  release(issueId: number): Promise<void>;
};

export type WorkRecords = {
  readonly workspaces: WorkspaceRecords;
  readonly agents: AgentRecords;
  readonly claims: ClaimRecords;
};
