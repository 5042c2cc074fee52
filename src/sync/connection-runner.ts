import createDebug from "debug";
import type { Clock } from "../domain/clock.ts";
import type { ConnectionConfig } from "../domain/credentials.ts";
import { isPanopticonError, PanopticonError, toPanopticonError } from "../domain/error.ts";
import type { Change, SourceRow, Store } from "../store/store.ts";
import type { HttpMonitor } from "../trackers/http/http-client.ts";
import type { Account, TrackerConnection } from "../trackers/tracker.ts";
import { describeIntervalMs, describeSource } from "./describe-source.ts";
import { healthOf } from "./health.ts";
import {
  authProbeIntervalMs,
  budgetIntervalMs,
  errorBackoffMs,
  isReserveReached,
  pollIntervalMs,
  withJitter,
} from "./interval.ts";
import { missingCredentials } from "./missing-credentials.ts";
import { pullSource } from "./pull-source.ts";
import { sweepSource } from "./sweep-source.ts";
import { toStoredError } from "./to-stored-error.ts";
import type { ConnectionStatus, Health, SyncEvent, SyncResult } from "./sync-engine.ts";

const debug = createDebug("sync");

const dayMs = 24 * 60 * 60 * 1000;

/** Sources of one connection that are read side by side; the HTTP client bounds the requests themselves. */
const sourcesAtOnce = 3;

/** A connection that was opened: what speaks to the tracker, and what can be known of the traffic. */
export type OpenConnection = {
  readonly connection: TrackerConnection;
  readonly monitor: HttpMonitor;
  readonly server: string;
  /** How far the tracker's clock is ahead of this machine's, as its last answer told. */
  readonly serverAheadMs?: (() => number) | undefined;
};

/** What the engine knows of who is looking. */
export type Audience = {
  boardVisible(): boolean;
  lastSeenAt(): number | null;
  isSourceOpen(sourceId: number): boolean;
  /** The user's own lower bound of the polling interval; 0: none. */
  minIntervalMs(): number;
};

type SourceState = {
  row: SourceRow;
  dueAt: number;
  failures: number;
  running: Promise<RunResult> | null;
  progress: { done: number; total: number | null } | null;
  error: PanopticonError | null;
  /** What is odd about the source's settings without stopping its sync. */
  warning: PanopticonError | null;
  /** The overrides of the status mapping changed: the source has to be described again. */
  describeDue: boolean;
  lastCompleteAt: number | null;
};

type RunResult = { changed: number; removed: number; error: PanopticonError | null };

export type ConnectionRunner = {
  readonly config: ConnectionConfig;
  setSources(rows: readonly SourceRow[]): void;
  /** Starts polling. */
  start(): void;
  /** Looks again at who watches: sources may be due sooner. */
  reschedule(): void;
  syncNow(options: {
    source?: string | undefined;
    sweep: boolean;
    signal?: AbortSignal | undefined;
  }): Promise<SyncResult>;
  verify(signal?: AbortSignal): Promise<Account>;
  /** Throws `auth` or `invalid_input` where the connection cannot be opened. */
  open(): OpenConnection;
  status(): ConnectionStatus;
  stop(): Promise<void>;
};

export type RunnerOptions = {
  readonly config: ConnectionConfig;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: () => number;
  readonly audience: Audience;
  readonly open: (config: ConnectionConfig) => OpenConnection;
  readonly emit: (event: SyncEvent) => void;
  /** The account is known: what `me` means on this connection. */
  readonly onAccount: (account: Account) => Promise<void>;
};

/** Keeps the sources of one connection in step. Its trouble stays its own. */
export function createConnectionRunner(options: RunnerOptions): ConnectionRunner {
  const { config, store, clock, audience, emit } = options;
  const sources = new Map<number, SourceState>();
  const stopping = new AbortController();
  let wake = new AbortController();
  let loop: Promise<void> | null = null;
  let opened: OpenConnection | null = null;
  let account: Account | null = null;
  /** Trouble of the connection as a whole: credentials, network. */
  let trouble: PanopticonError | null = null;
  let lastHealth: Health | null = null;
  let running = 0;

  function open(): OpenConnection {
    if (config.missing.length > 0) throw missingCredentials(config);
    opened ??= options.open(config);
    return opened;
  }

  async function verify(signal?: AbortSignal): Promise<Account> {
    const found = await open().connection.verify(signal ?? stopping.signal);
    account = found;
    trouble = null;
    await options.onAccount(found);
    announce();
    return found;
  }

  function health(): Health {
    if (config.missing.length > 0) return isWanted() ? "misconfigured" : "not_configured";
    const pausedUntil = opened?.monitor.pausedUntil() ?? null;
    if (pausedUntil !== null && pausedUntil > clock.now()) return "limited";
    if (trouble !== null) return healthOf(trouble);
    const states = [...sources.values()];
    if (states.some((state) => state.error?.code === "rate_limited" && state.dueAt > clock.now())) return "limited";
    const failed = states.find((state) => state.error !== null && state.error.code !== "rate_limited");
    if (failed?.error) return healthOf(failed.error);
    if (states.some((state) => state.progress !== null)) return "syncing";
    return states.some((state) => state.warning !== null) ? "misconfigured" : "ok";
  }

  /** Somebody means to use this connection: a project does, or a credential is there. */
  function isWanted(): boolean {
    return sources.size > 0 || Object.keys(config.values).some(isGiven);
  }

  /** A field that has a default counts as given only when the user changed it. */
  function isGiven(name: string): boolean {
    return config.origins[name]?.kind !== "default";
  }

  function announce(): void {
    const now = health();
    if (now === lastHealth) return;
    lastHealth = now;
    emit({ type: "tracker", connection: config.id, health: now });
  }

  function emitChange(change: Pick<Change, "sequence" | "refs">): void {
    if (change.refs.length > 0) emit({ type: "change", sequence: change.sequence, refs: change.refs });
  }

  /** One turn for one source: its words when they are old, its changes, and once a day its vanished issues. */
  async function run(state: SourceState, sweep: boolean, signal: AbortSignal): Promise<RunResult> {
    const total = { changed: 0, removed: 0 };
    const add = (part: { changed: number; removed: number }) => {
      total.changed += part.changed;
      total.removed += part.removed;
    };
    const source = state.row.config.id;
    try {
      const { connection, monitor } = open();
      if (account === null) await verify(signal);
      const shared = { store, connection, clock, signal };
      state.row = await store.sources.get(state.row.id);

      const describe = async () => {
        const { change, warning } = await describeSource({ ...shared, row: state.row });
        state.describeDue = false;
        state.warning = warning;
        add(change);
        emitChange(change);
        state.row = await store.sources.get(state.row.id);
      };
      const describedAt = state.row.sync.describedAt;
      if (sweep || state.describeDue || describedAt === null || clock.now() - describedAt > describeIntervalMs)
        await describe();

      const first = state.row.sync.cursor === null;
      if (first) showProgress(state, { done: 0, total: null, finished: false });
      const outcome = await pullSource({
        ...shared,
        row: state.row,
        warning: state.warning,
        onPage: (page) => {
          emitChange(page);
          // An increment is over before anyone could read its progress.
          if (first || !page.finished || state.progress !== null) showProgress(state, page);
          if (!page.finished && isReserveReached(monitor.budget(), clock.now()))
            throw reserveReached(monitor, config.tracker);
        },
      });
      add(outcome);
      if (outcome.unknownIds) await describe();

      const lastSweepAt = state.row.sync.lastSweepAt;
      if (first) await store.sources.saveSync(state.row.id, { lastSweepAt: clock.now() });
      else if (sweep || lastSweepAt === null || clock.now() - lastSweepAt > dayMs) {
        add(await sweepSource({ ...shared, row: state.row, onChange: emitChange }));
      }
      if (first || sweep || lastSweepAt === null || clock.now() - lastSweepAt > dayMs)
        await countOutside(state, signal);

      state.failures = 0;
      state.error = null;
      state.lastCompleteAt = clock.now();
      trouble = null;
      state.row = await store.sources.get(state.row.id);
      debug("%s: %d changed, %d removed", source, total.changed, total.removed);
      return { ...total, error: null };
    } catch (cause) {
      if (signal.aborted) return { ...total, error: null };
      const error = toPanopticonError(cause);
      debug("%s: %s %s", source, error.code, error.message);
      state.failures += 1;
      state.error = error;
      if (error.code === "auth" || error.code === "unreachable") trouble = error;
      await rememberError(state, error);
      return { ...total, error };
    } finally {
      if (state.progress !== null) {
        const { done, total: all } = state.progress;
        state.progress = null;
        emit({ type: "progress", connection: config.id, source, done, total: all, finished: true });
      }
    }
  }

  async function rememberError(state: SourceState, error: PanopticonError): Promise<void> {
    try {
      await store.sources.saveSync(state.row.id, { error: toStoredError(error, clock.now()) });
    } catch (failure) {
      // The error stays visible from memory; a disk without room must not end the loop.
      debug("%s: the error could not be stored: %s", state.row.config.id, toPanopticonError(failure).message);
    }
  }

  function showProgress(state: SourceState, page: { done: number; total: number | null; finished: boolean }): void {
    state.progress = { done: page.done, total: page.total };
    emit({
      type: "progress",
      connection: config.id,
      source: state.row.config.id,
      done: page.done,
      total: page.total,
      finished: false,
    });
    announce();
  }

  async function countOutside(state: SourceState, signal: AbortSignal): Promise<void> {
    const { row } = state;
    if (row.config.historyMs === null) {
      await store.sources.saveSync(row.id, { outside: null });
      return;
    }
    const days = Math.round(row.config.historyMs / dayMs);
    const reason = `closed and not updated in the last ${days} days (history in projects.yaml)`;
    const count = await open().connection.countOutside(
      { key: row.config.key, historyMs: row.config.historyMs, nativeId: row.info?.id ?? null },
      signal,
    );
    await store.sources.saveSync(row.id, { outside: count === 0 ? null : { count, reason } });
  }

  function launch(state: SourceState, sweep: boolean, signal: AbortSignal): Promise<RunResult> {
    running += 1;
    const result = run(state, sweep, signal).finally(() => {
      running -= 1;
      state.running = null;
      state.dueAt = nextDue(state);
      announce();
      wakeUp();
    });
    state.running = result;
    announce();
    return result;
  }

  function nextDue(state: SourceState): number {
    const now = clock.now();
    const pausedUntil = opened?.monitor.pausedUntil() ?? 0;
    if (state.error !== null) {
      if (state.error.code === "auth") return now + authProbeIntervalMs;
      const backoff = withJitter(errorBackoffMs(state.failures), options.random);
      return Math.max(now + backoff, state.error.retryAt ?? 0, pausedUntil);
    }
    const interval = pollIntervalMs({
      now,
      lastChangeAt: state.row.sync.lastChangeAt,
      issueOpen: audience.isSourceOpen(state.row.id),
      boardVisible: audience.boardVisible(),
      lastSeenAt: audience.lastSeenAt(),
    });
    const thrifty = budgetIntervalMs(opened?.monitor.budget() ?? null, sources.size, now);
    return Math.max(
      now + withJitter(Math.max(interval, thrifty, audience.minIntervalMs()), options.random),
      pausedUntil,
    );
  }

  function wakeUp(): void {
    wake.abort();
  }

  async function poll(): Promise<void> {
    while (!stopping.signal.aborted) {
      const now = clock.now();
      const waiting = [...sources.values()].filter((state) => state.running === null).sort((a, b) => a.dueAt - b.dueAt);
      // Refused credentials concern all sources: one probe is enough.
      const probing = trouble?.code === "auth" ? waiting.slice(0, 1) : waiting;
      for (const state of probing) {
        if (state.dueAt > now || running >= sourcesAtOnce) break;
        void launch(state, false, stopping.signal);
      }
      const next = running >= sourcesAtOnce ? undefined : probing.find((state) => state.running === null);
      wake = new AbortController();
      const signal = AbortSignal.any([wake.signal, stopping.signal]);
      await clock
        .sleep(next === undefined ? dayMs : Math.max(0, next.dueAt - clock.now()), signal)
        .catch((reason: unknown) => {
          if (!signal.aborted) throw reason;
        });
    }
  }

  /** With nothing to mirror yet, the account is still worth knowing: it is what the first-run page and Settings show. */
  async function greet(): Promise<void> {
    try {
      await verify();
    } catch (cause) {
      if (stopping.signal.aborted) return;
      trouble = toPanopticonError(cause);
      announce();
    }
  }

  return {
    config,
    open,
    verify,
    setSources(rows) {
      const ids = new Set(rows.map((row) => row.id));
      for (const id of sources.keys()) if (!ids.has(id)) sources.delete(id);
      for (const row of rows) {
        const known = sources.get(row.id);
        if (known === undefined) {
          sources.set(row.id, {
            row,
            dueAt: clock.now(),
            failures: 0,
            running: null,
            progress: null,
            error: null,
            warning: null,
            // The files may have changed while nothing ran.
            describeDue: true,
            lastCompleteAt: row.sync.lastCompleteAt,
          });
        } else {
          const before = known.row.config;
          known.row = row;
          known.describeDue ||= JSON.stringify(before.stateOverrides) !== JSON.stringify(row.config.stateOverrides);
          if (known.describeDue || before.historyMs !== row.config.historyMs) known.dueAt = clock.now();
        }
      }
      wakeUp();
    },
    start() {
      if (loop !== null || config.missing.length > 0) return;
      if (sources.size === 0) void greet();
      loop = poll();
    },
    reschedule() {
      for (const state of sources.values()) {
        if (state.running === null && state.error === null) state.dueAt = Math.min(state.dueAt, nextDue(state));
      }
      wakeUp();
    },
    async syncNow({ source, sweep, signal }) {
      const aborts = signal === undefined ? stopping.signal : AbortSignal.any([signal, stopping.signal]);
      const chosen = [...sources.values()].filter((state) => source === undefined || state.row.config.id === source);
      let before = 0;
      try {
        before = open().monitor.requests();
      } catch (cause) {
        const error = toPanopticonError(cause);
        trouble = isPanopticonError(cause) && config.missing.length > 0 ? trouble : error;
        return {
          changed: 0,
          removed: 0,
          requests: 0,
          failures: chosen.map((state) => ({ source: state.row.config.id, error })),
        };
      }
      const result = {
        changed: 0,
        removed: 0,
        requests: 0,
        failures: [] as { source: string; error: PanopticonError }[],
      };
      const queue = [...chosen];
      const work = async () => {
        for (let state = queue.shift(); state !== undefined; state = queue.shift()) {
          // What is under way began before this call and may have passed what the caller wants to see.
          if (state.running !== null) await state.running;
          const outcome = await launch(state, sweep, aborts);
          result.changed += outcome.changed;
          result.removed += outcome.removed;
          if (outcome.error !== null) result.failures.push({ source: state.row.config.id, error: outcome.error });
        }
      };
      await Promise.all(Array.from({ length: Math.min(sourcesAtOnce, chosen.length) }, work));
      aborts.throwIfAborted();
      return { ...result, requests: open().monitor.requests() - before };
    },
    status() {
      const states = [...sources.values()];
      const shown = states.map((state) => state.progress).filter((progress) => progress !== null);
      const completed = states.map((state) => state.lastCompleteAt).filter((at) => at !== null);
      const error =
        config.missing.length > 0 && health() === "misconfigured"
          ? missingCredentials(config)
          : (trouble ??
            states.find((state) => state.error !== null)?.error ??
            states.find((state) => state.warning !== null)?.warning ??
            null);
      return {
        connection: config.id,
        tracker: config.tracker,
        server: opened?.server ?? null,
        health: health(),
        account,
        budget: opened?.monitor.budget() ?? null,
        requests: opened?.monitor.requests() ?? 0,
        lastSyncAt: completed.length === 0 ? null : Math.max(...completed),
        nextSyncAt: loop === null || states.length === 0 ? null : Math.min(...states.map((state) => state.dueAt)),
        error,
        serverAheadMs: opened?.serverAheadMs?.(),
        progress:
          shown.length === 0
            ? null
            : {
                done: shown.reduce((sum, progress) => sum + progress.done, 0),
                total: shown.every((progress) => progress.total !== null)
                  ? shown.reduce((sum, progress) => sum + (progress.total ?? 0), 0)
                  : null,
              },
      };
    },
    async stop() {
      stopping.abort(new PanopticonError("busy", "The sync was stopped."));
      await Promise.all([loop, ...[...sources.values()].map((state) => state.running)]);
    },
  };
}

function reserveReached(monitor: HttpMonitor, tracker: string): PanopticonError {
  const budget = monitor.budget();
  return new PanopticonError(
    "rate_limited",
    "Four fifths of the request budget are used; the rest is kept for opened issues and changes.",
    {
      tracker,
      hint: "The sync goes on by itself when the budget is renewed.",
      retryAt: budget?.resetAt ?? undefined,
    },
  );
}
