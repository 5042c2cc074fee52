import type { Logger } from "pino";
import type { Changes } from "../changes/changes.ts";
import type { Config } from "../config/config.ts";
import type { Clock } from "../domain/clock.ts";
import type { UncheckedSource } from "../domain/source.ts";
import type { Store } from "../store/store.ts";
import type { SyncEngine } from "../sync/sync-engine.ts";
import type { WebhookInbox } from "../sync/webhooks/inbox.ts";
import type { TrackerDefinition } from "../trackers/tracker.ts";
import type { Validation } from "../domain/validation.ts";
import type { Dispatch } from "../work/dispatch/dispatch.ts";
import type { Work } from "../work/work.ts";

/** The keys of one project in projects.yaml, as they stand there. A null takes a key away. */
export type ProjectKeys = Readonly<Record<string, unknown>>;

/** The configuration as the server uses it: read at every request, since it changes when the files do. */
export type ConfigAccess = {
  current(): Config;
  /** Called after the files were read again, also with a broken edit (its problems are in the configuration). */
  on(listener: (config: Config) => void): () => void;
  /**
   * Write projects.yaml, keeping the user's comments and order, and answer when the new configuration is in force.
   * Throw `invalid_input` for what the file may not say, `conflict` for an id that is taken, `not_found` for one that is not there, and for a new source that
   * the credentials do not see. The first two give the new sources that their trackers could not be asked about.
   */
  addProject(id: string, keys: ProjectKeys): Promise<readonly UncheckedSource[]>;
  updateProject(id: string, keys: ProjectKeys): Promise<readonly UncheckedSource[]>;
  removeProject(id: string): Promise<void>;
  /**
   * Writes credentials of a connection into `~/.panopticon.env`, by the names of the tracker's fields; null takes one out. Answers when they are in
   * force. Throws `conflict` for one that is kept elsewhere, `invalid_input` for what cannot be one; `field` says which.
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
   * Tests credentials given by the caller, checking the values first: http and https only, no redirects, never stored ones.
   * Does not throw for what is wrong with them.
   */
  validate(tracker: string, values: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<Validation>;
  readonly webhooks: Pick<WebhookInbox, "receive" | "stats"> & {
    /** Whether there is a secret that deliveries for a connection can be proved with. */
    isReady(connection: string): boolean;
  };
  readonly clock: Clock;
  readonly version: string;
  /** The session's secret; see access/session.ts. */
  readonly token: string;
  /** The folder of the built dashboard. */
  readonly webRoot: string;
  readonly log: Logger;
};
