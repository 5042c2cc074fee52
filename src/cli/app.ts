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

/** Where a command runs: everything that is not an argument. */
export type Surroundings = { readonly paths: Paths; readonly env: Environment; readonly cwd: string };

/**
 * The mirror alone, to be read while no server runs: nothing is written, no lock is taken, no tracker and no other program
 * is asked. It must open fast: neither the trackers nor zod are loaded for it.
 */
export type Mirror = { readonly store: Store; close(): Promise<void> };

/** Opens the mirror where `DATABASE_URL`, config.yaml or the default says it is (config/database-url.ts); null when there is none yet. */
export type OpenMirror = (options: Pick<Surroundings, "paths" | "env">) => Promise<Mirror | null>;

/** All parts, wired: what `pan up` runs, and what commands that ask the trackers use while no server runs. */
export type App = {
  readonly trackers: readonly TrackerDefinition[];
  /** Follows the files; `reconcile` and the engine's `configure` have been called for what it says, and are again when it changes. */
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
  /** Listens, starts polling, and writes server.json. Throws `busy` for a port in use, `invalid_input` for a host that is not loopback. */
  serve(options: { readonly host: string; readonly port: number }): Promise<Serving>;
  /** Resolves when the database's lock is lost (its server went away): somebody else may own the data from then on. */
  readonly lost: Promise<PanopticonError>;
  /** Stops what was started, removes server.json, closes the store and gives the lock back. Safe to call twice. */
  close(): Promise<void>;
};

export type Serving = {
  /** `http://127.0.0.1:3011` */
  readonly url: string;
  readonly port: number;
  /** For the user's eyes; signs a browser in with the persistent token. */
  readonly address: string;
  /** A fresh address for a browser's command line; signs one browser in, once. */
  openAddress(): string;
};

/**
 * Wires everything and takes the data directory's lock; polling starts with `serve`. Throws `busy` with the owner's pid when
 * another process has the lock. `out` is told where the mirror of an earlier version is brought up to date.
 */
export type ComposeApp = (options: ComposeOptions) => Promise<App>;

export type ComposeOptions = Surroundings & {
  readonly timing?: Timing;
  readonly out?: Pick<Output, "note">;
  /** Which of the programs that hold credentials are asked and waited for; default: all. */
  readonly programs?: WatchConfigOptions["programs"];
};

/** Other times than the machine's, for tests that let an hour pass. */
export type Timing = {
  readonly clock: Clock;
  /** 0 to 1; spreads the polls. */
  readonly random?: () => number;
  /** For one try of a request, in real milliseconds. */
  readonly deadlineMs?: number;
};
