import type { Agent, Claim } from "./agent.ts";
import type { Workspace } from "./workspace.ts";

/** A visible change: the change log's last sequence number and the refs of the affected cards. */
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

/** Stored workspaces. Every change is durable when its promise resolves, and updates the issue's card. */
export type WorkspaceRecords = {
  list(): Promise<readonly Workspace[]>;
  find(id: number): Promise<Workspace | null>;
  findOfIssue(issueId: number): Promise<Workspace | null>;
  /** Throws `conflict` if the issue or the path already has a workspace. */
  add(workspace: NewWorkspace): Promise<{ readonly id: number; readonly change: WorkChange }>;
  update(id: number, patch: WorkspacePatch): Promise<WorkChange>;
  /** Sets state `removing`, in which no agent can start any more; throws `conflict` if an agent is alive in it. */
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

/** Stored agents, with the same guarantees. */
export type AgentRecords = {
  /** Living ones first, then the ended ones, most recent first: all of them, or `endedLimit`. */
  list(query?: { readonly endedLimit?: number }): Promise<readonly Agent[]>;
  /** The ids of all agents, in the same order. */
  ids(): Promise<readonly number[]>;
  /** Those of the given agents that exist, in the given order. */
  findAll(ids: readonly number[]): Promise<readonly Agent[]>;
  find(id: number): Promise<Agent | null>;
  /** The agent started last on an issue. */
  findOfIssue(issueId: number): Promise<Agent | null>;
  /**
   * Adds an agent in state `starting`, with its own session (`agent-ID`). Throws `conflict` if an agent is alive in the workspace, `busy` if the workspace is
   * being removed or gone.
   */
  add(agent: NewAgent): Promise<{ readonly agent: Agent; readonly change: WorkChange }>;
  /**
   * With `from`, updates only if the agent is in one of these states and entered it no later than `since`; else returns null. Restarting an ended agent throws
   * as `add` does.
   */
  update(
    id: number,
    patch: AgentPatch,
    from?: { readonly states: readonly Agent["state"][]; readonly since?: number },
  ): Promise<WorkChange | null>;
};

export type ClaimRecords = {
  list(): Promise<readonly Claim[]>;
  /** false if the issue is already claimed. */
  take(claim: Pick<Claim, "issueId" | "project" | "claimedAt">): Promise<boolean>;
  update(issueId: number, patch: Partial<Omit<Claim, "issueId" | "ref" | "project" | "claimedAt">>): Promise<void>;
  release(issueId: number): Promise<void>;
};

export type WorkRecords = {
  readonly workspaces: WorkspaceRecords;
  readonly agents: AgentRecords;
  readonly claims: ClaimRecords;
};
