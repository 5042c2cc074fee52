import type { Changes } from "../changes/changes.ts";
import type { Clock } from "../domain/clock.ts";
import type { Paths } from "../config/config.ts";
import type { Environment } from "../config/paths.ts";
import type { WatchConfigOptions } from "../config/watch-config.ts";
import type { PanopticonError } from "../domain/error.ts";
import type { ConfigAccess } from "../server/services.ts";
import type { Validation } from "../domain/validation.ts";
import type { Store } from "../store/store.ts";
import type { SyncEngine } from "../sync/sync-engine.ts";
import type { TrackerDefinition } from "../trackers/tracker.ts";
import type { Dispatch } from "../work/dispatch/dispatch.ts";
import type { Work } from "../work/work.ts";
import type { Output } from "./printing/output.ts";

/** A command's surroundings: everything that is not an argument. */
export type Surroundings = { readonly paths: Paths; readonly env: Environment; readonly cwd: string };

/**
 * The mirror alone, for reading while no server runs: writes nothing, takes no lock, contacts no tracker and runs no program. Must open fast: it loads neither
 * the trackers nor zod.
 */
export type Mirror = { readonly store: Store; close(): Promise<void> };

/** Opens the mirror at the location given by `DATABASE_URL`, config.yaml or the default (config/database-url.ts); null if it does not exist yet. */
export type OpenMirror = (options: Pick<Surroundings, "paths" | "env">) => Promise<Mirror | null>;

/** All parts, wired: what `pan up` runs, and what commands use to reach the trackers while no server runs. */
export type App = {
  readonly trackers: readonly TrackerDefinition[];
  /** Follows the files. The current configuration has already been passed to `reconcile` and the engine's `configure`, and so is every later one. */
  readonly config: ConfigAccess;
  readonly store: Store;
  readonly sync: SyncEngine;
  readonly changes: Changes;
  readonly work: Work;
  readonly dispatch: Dispatch;
  readonly validate: (
    tracker: string,
    values: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ) => Promise<Validation>;
  /** Listens, starts polling, and writes server.json. Throws `busy` if the port is in use, `invalid_input` if the host is not loopback. */
  serve(options: { readonly host: string; readonly port: number }): Promise<Serving>;
  /** Resolves when the database's lock is lost (its server went away): another process may own the data from then on. */
  readonly lost: Promise<PanopticonError>;
  /** Stops what was started, removes server.json, closes the store and releases the lock. Idempotent. */
  close(): Promise<void>;
};

export type Serving = {
  /** For example `http://127.0.0.1:3011`. */
  readonly url: string;
  readonly port: number;
  /** For display; signs a browser in with the persistent token. */
  readonly address: string;
  /** A fresh address to pass on a browser's command line; signs one browser in, once. */
  openAddress(): string;
};

/**
 * Wires everything and takes the data directory's lock; polling starts with `serve`. Throws `busy` with the owner's pid if another process holds the lock.
 * `out` reports the upgrade of an earlier version's mirror.
 */
export type ComposeApp = (options: ComposeOptions) => Promise<App>;

export type ComposeOptions = Surroundings & {
  readonly timing?: Timing;
  readonly out?: Pick<Output, "note">;
  /** Which credential helpers to run and wait for; default: all. */
  readonly programs?: WatchConfigOptions["programs"];
};

/** Overrides of the machine's timing, for tests that let an hour pass. */
export type Timing = {
  readonly clock: Clock;
  /** From 0 to 1; spreads the polls. */
  readonly random?: () => number;
  /** Per attempt of a request, in real milliseconds. */
  readonly deadlineMs?: number;
};
