import type { ConnectionConfig, CredentialField, SourceKeyDefinition } from "../domain/credentials.ts";
import type { AgentProfile, AgentReach, DispatchRules, WorkSettings } from "../domain/work-settings.ts";
import type { SourceConfig } from "../domain/source.ts";

/** What config needs to know about each tracker; passed in, because this room depends on no tracker. */
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

/** A problem in a file that the user should see; an error keeps the last valid configuration in force. */
export type ConfigProblem = {
  readonly severity: "error" | "warning";
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
  /** `projects.yaml:4:5: unknown key "githubrepo"; did you mean "github_repo"?` without the position. */
  readonly message: string;
  readonly hint: string | null;
};

/** The user's whole configuration at one moment. */
export type Config = {
  readonly projects: readonly Project[];
  readonly connections: readonly ConnectionConfig[];
  readonly server: ServerSettings;
  readonly databaseUrl: string | null;
  readonly sync: { readonly minIntervalMs: number | null };
  /** Agent profiles: changes of built-in ones, and new ones. */
  readonly agents: Readonly<Record<string, Partial<Omit<AgentProfile, "id">>>>;
  readonly mcp: { readonly reach: AgentReach };
  /** null: no issue starts an agent automatically. */
  readonly dispatch: DispatchRules | null;
  readonly problems: readonly ConfigProblem[];
};

/** The paths of Panopticon's files. */
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
  /** Held by a command while it edits the configuration files. */
  readonly editLockFile: string;
  readonly webhooksFile: string;
};
