import type { Status } from "./status.ts";

/** How a project's workspaces are made; commands are the user's own and run in a shell. */
export type WorkspaceSettings = {
  /** The folder of all workspaces; null: Panopticon's own. */
  readonly root: string | null;
  /** Name of the branch, with `{ref}`, `{slug}` and `{project}`. */
  readonly branch: string;
  /** Files and folders of the checkout that a new workspace gets copies of; names as in the checkout, `*` for a part of one. */
  readonly copy: readonly string[];
  /** Commands in a new workspace. */
  readonly setup: readonly string[];
  /** Commands before and after an agent works, and before a workspace goes. */
  readonly beforeRun: readonly string[];
  readonly afterRun: readonly string[];
  readonly beforeRemove: readonly string[];
  /** How long each command may take, in milliseconds. */
  readonly timeoutMs: number;
};

/** What a project says about work on its issues. */
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

/** A program that can be an agent. */
export type AgentProfile = {
  readonly id: string;
  /**
   * The program and its arguments, each as it is: no shell reads them. `{prompt}`, `{promptFile}`, `{stateFile}`, `{mcpConfig}` and `{mcp}` stand for the prompt, for files and for the MCP server's program;
   * without a `{prompt}` or `{promptFile}` the prompt is the last argument.
   */
  readonly command: readonly string[];
  /** Arguments after the command for a planning session. */
  readonly plan: readonly string[];
  /** Arguments after the command to go on with the session that was; null: it begins anew, with STATE.md to go by. */
  readonly resume: readonly string[] | null;
  /** Names of environment variables it needs besides the common ones. */
  readonly env: readonly string[];
  /** Variables with the values it gets, with the same placeholders. */
  readonly setEnv: Readonly<Record<string, string>>;
  /** Without output for so long it is taken to wait for input, in milliseconds; null: it may be silent. */
  readonly silenceMs: number | null;
};

/** Which issues an agent may read and change through `pan mcp`: its own and those linked to it, those of its project too, or all. */
export const agentReaches = ["linked", "project", "all"] as const;

export type AgentReach = (typeof agentReaches)[number];

/** When issues start an agent by themselves. */
export type DispatchRules = {
  /** What may start; all must hold. */
  readonly when: {
    readonly status: readonly Status[];
    readonly labels: readonly string[];
    /** Logins, `me` or `none`; empty: anybody's. */
    readonly assignee: readonly string[];
    readonly project: readonly string[];
  };
  /** The profile; null: the project's. */
  readonly agent: string | null;
  readonly limit: { readonly total: number; readonly perStatus: Readonly<Partial<Record<Status, number>>> };
  readonly retries: { readonly backoffMs: number; readonly capMs: number; readonly attempts: number };
  /** Without a sign of life for so long an agent is stopped and tried again, in milliseconds. */
  readonly stallMs: number;
  /** How often a clean exit is followed by another turn. */
  readonly turns: number;
  /** Ends new turns: what an issue, or a day, may cost in US dollars, and use in tokens; null: no limit. */
  readonly cost: { readonly perIssue: number | null; readonly perDay: number | null };
  readonly tokens: { readonly perIssue: number | null; readonly perDay: number | null };
};

/** Whether rules name nothing but statuses: every issue of these starts an agent then. */
export function isForEverything({ labels, assignee, project }: DispatchRules["when"]): boolean {
  return labels.length + assignee.length + project.length === 0;
}
