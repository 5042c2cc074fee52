import type { GitRemote } from "./git-remote.ts";

/** One credential of a tracker, as data: the settings form, the CLI's help and the environment reader are built from it. */
export type CredentialField = {
  /** Its name in the program and in the body of `POST /api/{tracker}/validate`: `token`, `apiKey`, `server`. */
  readonly name: string;
  readonly label: string;
  /** Environment keys, in order of precedence. */
  readonly env: readonly string[];
  readonly secret: boolean;
  readonly required: boolean;
  /** Used if neither the environment nor the file sets it. */
  readonly defaultValue?: string;
  readonly placeholder?: string;
  /** Where the user gets it and which permissions it needs, in one sentence. */
  readonly help: string;
  /** Another program on this machine that may have it; `host` is the tracker's host name, `github.com`. */
  readonly fallback?: {
    readonly command: string;
    readonly args: (host: string) => readonly string[];
    readonly label: string;
    /** Where that program stores it, read if the program is missing or does not return it. */
    readonly file?: {
      /** Candidate paths of one YAML file; the first that exists is used. `~` is the user's home; a path with an unset `$VARIABLE` is skipped. */
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
  /** Rejects an invalid value; the message is shown to the user. */
  readonly check: (value: string) => { ok: true } | { ok: false; message: string };
  /** The same value may name another source for another account on the same server: the key of a team in another workspace. */
  readonly perAccount?: boolean;
  /** The prefix of an issue's key in a ref if projects.yaml has no `issue_prefix`; empty if the keys are complete. */
  readonly refPrefix: (value: string, issuePrefix: string | undefined) => string;
  /**
   * The source of a git remote, for a connection to `server` (`github.com`, `owner/repo` with `https://api.github.com` → `owner/repo`); null if the remote is
   * on another server. Absent if sources are not repositories.
   */
  readonly fromRemote?: (remote: GitRemote, server: string) => string | null;
  /** A second, single-valued key of a project that says where its sources are: `rally_workspace`. */
  readonly qualifier?: Pick<SourceKeyDefinition, "key" | "label" | "placeholder" | "check">;
  /**
   * Credential fields that fill in what a project leaves out: a project that sets only the qualifier takes `value`, one that sets only sources takes
   * `qualifier`. If no project has such a source, these values make a project of their own.
   */
  readonly defaults?: { readonly value: string; readonly qualifier?: string };
  /**
   * The canonical source key for a written value and its qualifier, each null if not given; null if together they name no source. Absent: the key is the
   * written value.
   */
  readonly canonical?: (value: string | null, qualifier: string | null) => string | null;
};

/** Where a credential came from, to show to the user. */
export type CredentialOrigin =
  | { readonly kind: "environment"; readonly key: string }
  /** `~/.panopticon.env`. */
  | { readonly kind: "file"; readonly path: string; readonly key: string }
  /** Another program's file. */
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
