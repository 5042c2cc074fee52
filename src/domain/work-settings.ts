import type { Status } from "./status.ts";

/** How a project's workspaces are created; commands are the user's own and run in a shell. */
export type WorkspaceSettings = {
  /** The parent folder of all workspaces; null: Panopticon's own. */
  readonly root: string | null;
  /** The branch name template, with `{ref}`, `{slug}` and `{project}`. */
  readonly branch: string;
  /** Files and folders of the checkout to copy into a new workspace, by their paths in the checkout; `*` matches part of a name. */
  readonly copy: readonly string[];
  /** Commands to run in a new workspace. */
  readonly setup: readonly string[];
  /** Commands to run before and after an agent works, and before a workspace is removed. */
  readonly beforeRun: readonly string[];
  readonly afterRun: readonly string[];
  readonly beforeRemove: readonly string[];
  /** Timeout of each command, in milliseconds. */
  readonly timeoutMs: number;
};

/** A project's settings for work on its issues. */
export type WorkSettings = {
  readonly workspace: WorkspaceSettings;
  /** Whether agents and requests move their issue's status. */
  readonly signals: boolean;
};

export const defaultWorkSettings: WorkSettings = {
  workspace: {
    root: null,
    branch: "feature/{ref}-{slug}",
    copy: [],
    setup: [],
    beforeRun: [],
    afterRun: [],
    beforeRemove: [],
    timeoutMs: 60_000,
  },
  signals: true,
};

/** A program that can run as an agent. */
export type AgentProfile = {
  readonly id: string;
  /**
   * The program and its arguments, passed as they are, without a shell. `{prompt}`, `{promptFile}`, `{stateFile}`, `{mcpConfig}` and `{mcp}` are placeholders
   * for the prompt, for files and for the MCP server's program; without a `{prompt}` or `{promptFile}` the prompt is the last argument.
   */
  readonly command: readonly string[];
  /** Arguments after the command for a planning session. */
  readonly plan: readonly string[];
  /** Arguments after the command to resume the previous session; null: starts afresh and relies on STATE.md. */
  readonly resume: readonly string[] | null;
  /** Names of environment variables it needs in addition to the common ones. */
  readonly env: readonly string[];
  /** Environment variables to set and their values, with the same placeholders. */
  readonly setEnv: Readonly<Record<string, string>>;
  /** How long it may be silent before it is assumed to wait for input, in milliseconds; null: no limit. */
  readonly silenceMs: number | null;
};

/** Which issues an agent may read and change through `pan mcp`: its own and linked ones, also those of its project, or all. */
export const agentReaches = ["linked", "project", "all"] as const;

export type AgentReach = (typeof agentReaches)[number];

/** When dispatch starts an agent on an issue by itself. */
export type DispatchRules = {
  /** Conditions on the issue; all must hold. */
  readonly when: {
    readonly status: readonly Status[];
    readonly labels: readonly string[];
    /** Logins, `me` or `none`; empty: any assignee. */
    readonly assignee: readonly string[];
    readonly project: readonly string[];
  };
  /** The agent profile; null: the project's. */
  readonly agent: string | null;
  readonly limit: { readonly total: number; readonly perStatus: Readonly<Partial<Record<Status, number>>> };
  readonly retries: { readonly backoffMs: number; readonly capMs: number; readonly attempts: number };
  /** How long an agent may show no sign of life before it is stopped and retried, in milliseconds. */
  readonly stallMs: number;
  /** The maximum number of turns on an issue. */
  readonly turns: number;
  /** Limits on what an issue, or a day, may cost in US dollars and use in tokens; no new turn starts beyond them. null: no limit. */
  readonly cost: { readonly perIssue: number | null; readonly perDay: number | null };
  readonly tokens: { readonly perIssue: number | null; readonly perDay: number | null };
};

/** Whether the rules restrict only statuses, so that every issue in them starts an agent. */
export function isForEverything({ labels, assignee, project }: DispatchRules["when"]): boolean {
  return labels.length + assignee.length + project.length === 0;
}
