import type { GitRemote } from "./git-remote.ts";

/** One credential of a tracker, as data: the settings form, the CLI's help and the reading of the environment are made from it. */
export type CredentialField = {
  /** Name inside the program and in the body of `POST /api/{tracker}/validate`: `token`, `apiKey`, `server`. */
  readonly name: string;
  readonly label: string;
  /** Environment keys, the first one first. */
  readonly env: readonly string[];
  readonly secret: boolean;
  readonly required: boolean;
  /** Used where neither the environment nor the file has it. */
  readonly defaultValue?: string;
  readonly placeholder?: string;
  /** Where the user gets it and which rights it needs, in one sentence. */
  readonly help: string;
  /** Another program on this machine that may hold it; `host` is the tracker's host name, `github.com`. */
  readonly fallback?: {
    readonly command: string;
    readonly args: (host: string) => readonly string[];
    readonly label: string;
    /** Where that program keeps it, for when it is not there or does not tell. */
    readonly file?: {
      /** Places of one YAML file, the first that exists counts; `~` is the user's home, a place with a `$VARIABLE` that is not set is left out. */
      readonly paths: readonly string[];
      /** The keys that lead to the value. */
      readonly keys: (host: string) => readonly string[];
    };
  };
};

/** A field's label inside a sentence: `Token` → `token`, `API key` stays. */
export function inSentence(label: string): string {
  return /^\p{Lu}\p{Lu}/u.test(label) ? label : label.charAt(0).toLowerCase() + label.slice(1);
}

/** A key in projects.yaml that names sources: `github_repo`. */
export type SourceKeyDefinition = {
  readonly key: string;
  /** `Repository`, `Team`. */
  readonly label: string;
  readonly plural: string;
  readonly placeholder: string;
  /** Refuses what cannot be one; the message is shown to the user. */
  readonly check: (value: string) => { ok: true } | { ok: false; message: string };
  /** What stands before an issue's key in a ref when projects.yaml has no `issue_prefix`; empty where the keys are complete. */
  readonly refPrefix: (value: string, issuePrefix: string | undefined) => string;
  /**
   * The source that a git remote belongs to, for a connection to `server` (`github.com`, `owner/repo` with
   * `https://api.github.com` → `owner/repo`); null when it lies elsewhere. Absent where sources are no repositories.
   */
  readonly fromRemote?: (remote: GitRemote, server: string) => string | null;
  /** A second key of a project, one value, that says where the sources of the first one lie: `rally_workspace`. */
  readonly qualifier?: Pick<SourceKeyDefinition, "key" | "label" | "placeholder" | "check">;
  /**
   * Credential fields whose values stand in for what a project leaves out: one that names the qualifier alone takes `value`, one that names
   * sources alone takes `qualifier`. Where no project has such a source, the values make a project themselves.
   */
  readonly defaults?: { readonly value: string; readonly qualifier?: string };
  /**
   * The one form of a source's key, from what was written and its qualifier, each null where there is none; null: together they name no source.
   * Absent: the key is what was written.
   */
  readonly canonical?: (value: string | null, qualifier: string | null) => string | null;
};

/** Where a credential came from, for the user's eyes. */
export type CredentialOrigin =
  | { readonly kind: "environment"; readonly key: string }
  /** `~/.panopticon.env`. */
  | { readonly kind: "file"; readonly path: string; readonly key: string }
  /** The file of another program. */
  | { readonly kind: "program-file"; readonly label: string; readonly path: string; readonly key: string }
  | { readonly kind: "command"; readonly label: string }
  | { readonly kind: "config"; readonly path: string }
  | { readonly kind: "default" };

/** A connection with everything needed to open it. Secrets inside: never logged, never sent to the browser. */
export type ConnectionConfig = {
  /** `github` for the default connection, else the name in config.yaml. */
  readonly id: string;
  readonly tracker: string;
  readonly values: Readonly<Record<string, string>>;
  readonly origins: Readonly<Record<string, CredentialOrigin>>;
  /** Required fields without a value; the connection is not usable while there are any. */
  readonly missing: readonly CredentialField[];
};
