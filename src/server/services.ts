import type { Logger } from "pino";
import type { Changes } from "../changes/changes.ts";
import type { Config, Paths } from "../config/config.ts";
import type { Clock } from "../domain/clock.ts";
import type { UncheckedSource } from "../domain/source.ts";
import type { Store } from "../store/store.ts";
import type { SyncEngine } from "../sync/sync-engine.ts";
import type { WebhookInbox } from "../sync/webhooks/inbox.ts";
import type { TrackerDefinition } from "../trackers/tracker.ts";
import type { Validation } from "../domain/validation.ts";
import type { Dispatch } from "../work/dispatch/dispatch.ts";
import type { Work } from "../work/work.ts";

/** The keys of one project as in projects.yaml. null removes a key. */
export type ProjectKeys = Readonly<Record<string, unknown>>;

/** The configuration as the server uses it. It is read at every request, because it changes when the files do. */
export type ConfigAccess = {
  current(): Config;
  /** Called after the files were reloaded, even after a broken edit (its problems are in the configuration). */
  on(listener: (config: Config) => void): () => void;
  /** Resolves once the files, as they are now, are in force. */
  caughtUp(): Promise<void>;
  /**
   * These write projects.yaml, keep the user's comments and order, and resolve when the new configuration is in force. They throw `invalid_input` for invalid
   * content, `conflict` for an existing id, and `not_found` for a missing id or a new source that the credentials cannot see. The first two return the new
   * sources whose trackers could not be asked.
   */
  addProject(id: string, keys: ProjectKeys): Promise<readonly UncheckedSource[]>;
  updateProject(id: string, keys: ProjectKeys): Promise<readonly UncheckedSource[]>;
  removeProject(id: string): Promise<void>;
  /**
   * Writes a connection's credentials to `~/.panopticon.env`, by the names of the tracker's fields; null removes one. Resolves when they are in force. Throws
   * `conflict` for a credential that is stored elsewhere and `invalid_input` for an invalid one, with `field`.
   */
  setCredentials(connection: string, values: Readonly<Record<string, string | null>>): Promise<void>;
};

/** Everything the server needs; wired in cli/compose.ts and cli/compose-server.ts. */
export type Services = {
  readonly store: Store;
  readonly sync: SyncEngine;
  readonly changes: Changes;
  readonly work: Work;
  readonly dispatch: Dispatch;
  readonly config: ConfigAccess;
  /** Every known tracker, in the registry's order. */
  readonly trackers: readonly TrackerDefinition[];
  /**
   * Tests credentials from the caller, never stored ones, after checking the values: http and https only, no redirects.
   * Does not throw if they are wrong.
   */
  validate(tracker: string, values: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<Validation>;
  readonly webhooks: Pick<WebhookInbox, "receive" | "stats"> & {
    /** Whether there is a secret to authenticate deliveries for a connection. */
    isReady(connection: string): boolean;
  };
  /** Where Panopticon's files are, for hints that name them. */
  readonly paths: Pick<Paths, "home" | "envFile">;
  readonly clock: Clock;
  readonly version: string;
  /** The session's secret; see access/session.ts. */
  readonly token: string;
  /** The folder of the built dashboard. */
  readonly webRoot: string;
  readonly log: Logger;
};
