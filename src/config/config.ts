import type { ConnectionConfig, CredentialField, SourceKeyDefinition } from "../domain/credentials.ts";
import type { AgentProfile, AgentReach, DispatchRules, WorkSettings } from "../domain/work-settings.ts";
import type { SourceConfig } from "../domain/source.ts";

/** What config must know of each tracker; passed in, since this room knows no tracker. */
export type TrackerKeys = {
  readonly id: string;
  readonly label: string;
  readonly credentialFields: readonly CredentialField[];
  readonly sourceKeys: readonly SourceKeyDefinition[];
};

/** A project of projects.yaml, validated and completed. */
export type Project = {
  readonly id: string;
  readonly name: string;
  readonly path: string | null;
  readonly sources: readonly SourceConfig[];
  readonly issuePrefix: string | null;
  readonly defaultBranch: string;
  readonly agent: string | null;
  readonly shadow: boolean;
  /** As written: `90d`, `all`. */
  readonly history: string;
  readonly work: WorkSettings;
};

export type ServerSettings = { readonly host: string; readonly port: number; readonly publicUrl: string | null };

/** Something in a file that needs the user's eyes; an error keeps the last good configuration in force. */
export type ConfigProblem = {
  readonly severity: "error" | "warning";
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
  /** `projects.yaml:4:5: unknown key "githubrepo"; did you mean "github_repo"?` without the position. */
  readonly message: string;
  readonly hint: string | null;
};

/** Everything the user has configured, at one moment. */
export type Config = {
  readonly projects: readonly Project[];
  readonly connections: readonly ConnectionConfig[];
  readonly server: ServerSettings;
  readonly databaseUrl: string | null;
  readonly sync: { readonly minIntervalMs: number | null };
  /** Profiles of agents: what is different of a built-in one, or a new one. */
  readonly agents: Readonly<Record<string, Partial<Omit<AgentProfile, "id">>>>;
  readonly mcp: { readonly reach: AgentReach };
  /** null: no issue starts an agent by itself. */
  readonly dispatch: DispatchRules | null;
  readonly problems: readonly ConfigProblem[];
};

/** Where Panopticon's files are. */
export type Paths = {
  /** `~/.panopticon`, or `$PANOPTICON_HOME/.panopticon`. */
  readonly home: string;
  readonly envFile: string;
  readonly projectsFile: string;
  readonly configFile: string;
  readonly serverFile: string;
  readonly tokenFile: string;
  readonly databaseFile: string;
  readonly lockFile: string;
  /** Held by a command while it edits the configuration's files. */
  readonly editLockFile: string;
  readonly webhooksFile: string;
};
