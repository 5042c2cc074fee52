import createDebug from "debug";
import type { Clock } from "../domain/clock.ts";
import type { ConnectionConfig } from "../domain/credentials.ts";
import { PanopticonError, toPanopticonError } from "../domain/error.ts";
import type { SourceRow, Store, StoredPause } from "../store/store.ts";
import type { HttpMonitor } from "../trackers/http/http-client.ts";
import type { Account, TrackerConnection, WebhookHint, WritingCapabilities } from "../trackers/tracker.ts";
import { createClockWatch } from "./clock-watch.ts";
import { connectionHealth, errorOf, isAnswer, type Vitals } from "./health.ts";
import {
  authProbeIntervalMs,
  budgetIntervalMs,
  errorBackoffMs,
  longestLagMs,
  pollIntervalMs,
  withJitter,
} from "./interval.ts";
import { createKeptPause } from "./kept-pause.ts";
import { missingCredentials } from "./missing-credentials.ts";
import { createSourceState, isAnnounced, type SourceState, type TurnResult } from "./source-state.ts";
import { createPusher, type Pusher } from "./push/pusher.ts";
import { takeTurn, type TurnOptions } from "./sync-turn.ts";
import { toStoredError } from "./to-stored-error.ts";
import type { ConnectionStatus, Health, SyncEvent, SyncResult, WebhookStatus } from "./sync-engine.ts";
import { createHintQueue } from "./webhooks/hint-queue.ts";

const debug = createDebug("sync");

/** Sources of one connection that are read side by side; the HTTP client bounds the requests themselves. */
const sourcesAtOnce = 3;

type TurnKind = Pick<TurnOptions, "sweep" | "idle">;

/** A connection that was opened: what speaks to the tracker, and what can be known of the traffic. */
export type OpenConnection = {
  readonly connection: TrackerConnection;
  readonly monitor: HttpMonitor;
  readonly server: string;
  /** What sending changes has to keep to. */
  readonly writing: Pick<WritingCapabilities, "concurrency" | "lagMs">;
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
  /** See `SyncEngine.hear`. */
  hear(hints: readonly WebhookHint[]): Promise<number>;
  /** Throws `auth` or `invalid_input` where the connection cannot be opened. */
  open(): OpenConnection;
  /** Sends this connection's outbox. */
  readonly pusher: Pusher;
  status(): ConnectionStatus;
  stop(): Promise<void>;
};

export type RunnerOptions = {
  readonly config: ConnectionConfig;
  readonly store: Store;
  readonly clock: Clock;
  /** What an earlier process was told to wait. */
  readonly pause: StoredPause | null;
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
  const pause = createKeptPause({ config, stored: options.pause, sources: store.sources, clock });
  const stopping = new AbortController();
  let wake = new AbortController();
  let loop: Promise<void> | null = null;
  let opened: OpenConnection | null = null;
  let account: Account | null = null;
  let recalled = false;
  /** Trouble of the connection as a whole: credentials, network. */
  let trouble: PanopticonError | null = null;
  let lastHealth: Health | null = null;
  let running = 0;

  function open(): OpenConnection {
    if (config.missing.length > 0) throw missingCredentials(config);
    if (opened === null) {
      opened = options.open(config);
      pause.follow(opened.monitor);
    }
    return opened;
  }

  const pusher = createPusher({
    connection: config.id,
    store,
    clock,
    open,
    publish: ({ sequence, refs }) => {
      if (refs.length > 0) emit({ type: "change", sequence, refs });
    },
    onTrouble(error) {
      if (error === null) trouble = null;
      else if (error.code === "auth" || error.code === "unreachable") trouble = error;
      announce();
    },
  });

  const hints = createHintQueue({
    store,
    clock,
    open,
    signal: stopping.signal,
    publish: ({ sequence, refs }) => {
      if (refs.length > 0) emit({ type: "change", sequence, refs });
    },
    onLeft(state, why) {
      if (why === "crowd") state.webhook.crowdedAt = clock.now();
      else state.webhook.missedAt = clock.now();
      lookSoon(state, why === "crowd" ? clock.now() : nextDue(state));
    },
  });

  /** Asks for a source's changes at that time, unless it is done sooner. A source in trouble keeps its own time. */
  function lookSoon(state: SourceState, at: number): void {
    state.webhook.expecting = true;
    if (state.error === null) state.dueAt = Math.min(state.dueAt, at);
    wakeUp();
  }

  /** Puts the next poll off, as far as its last one allows: a stream of deliveries does not put it off for ever. */
  function pollLess(state: SourceState): void {
    const { lastCompleteAt } = state;
    if (lastCompleteAt === null || state.error !== null || state.webhook.expecting) return;
    state.dueAt = Math.max(state.dueAt, nextDue(state) - (clock.now() - lastCompleteAt));
  }

  /** The sources that a hint means: the one it names, else those that have the issue, else all. */
  async function sourcesOf({ sourceId, issue }: WebhookHint): Promise<readonly SourceState[]> {
    const all = [...sources.values()];
    if (sourceId !== null) return all.filter(({ row }) => row.info?.id === sourceId);
    if (issue === null) return all;
    const having = [];
    for (const state of all) {
      if ((await store.mirror.missing(state.row.id, [issue.nativeId])).length === 0) having.push(state);
    }
    return having.length > 0 ? having : all;
  }

  async function verify(signal?: AbortSignal): Promise<Account> {
    const found = await open().connection.verify(signal ?? stopping.signal);
    account = found;
    trouble = null;
    await options.onAccount(found);
    announce();
    return found;
  }

  function vitals(): Vitals {
    const pausedUntil = opened === null ? pause.until() : opened.monitor.pausedUntil();
    return { config, now: clock.now(), pausedUntil, trouble, states: [...sources.values()] };
  }

  function webhookStatus(): WebhookStatus | undefined {
    const heard = [...sources.values()].filter(({ webhook }) => webhook.heardAt !== null);
    if (heard.length === 0) return undefined;
    const missed = heard.some(({ webhook }) => webhook.missedAt !== null && webhook.missedAt >= (webhook.heardAt ?? 0));
    return {
      heardAt: Math.max(...heard.map(({ webhook }) => webhook.heardAt ?? 0)),
      state: missed ? "missed" : "working",
    };
  }

  function announce(): void {
    const now = connectionHealth(vitals());
    if (now === lastHealth) return;
    lastHealth = now;
    emit({ type: "tracker", connection: config.id, health: now });
  }

  /** One turn, with what it brings told to the listeners and its failure kept. */
  async function turn(state: SourceState, kind: TurnKind, signal: AbortSignal): Promise<TurnResult> {
    const total = { changed: 0, removed: 0 };
    const told = state.webhook.expecting || hints.has(state);
    state.webhook.expecting = false;
    const source = state.row.config.id;
    try {
      const { connection, monitor } = open();
      if (account === null) await verify(signal);
      if (!recalled) {
        await connection.recall?.(await store.outbox.sending.recentWrites(config.id, clock.now() - longestLagMs));
        recalled = true;
      }
      const { news } = await takeTurn({
        state,
        ...kind,
        store,
        clock,
        connection,
        monitor,
        signal,
        onChange: ({ sequence, refs, changed, removed }) => {
          total.changed += changed;
          total.removed += removed;
          if (refs.length > 0) emit({ type: "change", sequence, refs });
        },
        onProgress: ({ done, total: all }) => {
          state.progress = { done, total: all };
          emit({ type: "progress", connection: config.id, source, done, total: all, finished: false });
          announce();
        },
      });
      // What a poll brings although webhooks come: one was lost, or is late, and sets this right itself.
      if (kind.idle && news && !told && state.webhook.heardAt !== null) state.webhook.missedAt = clock.now();
      state.failures = 0;
      state.error = null;
      state.lastCompleteAt = clock.now();
      // The tracker answers again: what waited for it goes out.
      if (trouble !== null) await pusher.hasten();
      trouble = null;
      debug("%s: %d changed, %d removed", source, total.changed, total.removed);
      return { ...total, error: null };
    } catch (cause) {
      if (signal.aborted) return { ...total, error: null };
      const error = toPanopticonError(cause);
      debug("%s: %s %s", source, error.code, error.message);
      state.failures += 1;
      state.error = error;
      if (error.code === "auth" || error.code === "unreachable") trouble = error;
      else if (isAnswer(error)) trouble = null;
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

  function launch(state: SourceState, kind: TurnKind, signal: AbortSignal): Promise<TurnResult> {
    running += 1;
    const result = turn(state, kind, signal).finally(() => {
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
      announced: isAnnounced(state.webhook, now),
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

  /** Every time that was noted under the clock as it was lies too far in the future now, and would keep polls, pauses and changes waiting. */
  async function followClock(byMs: number): Promise<void> {
    debug("%s: the clock was set back by %d s", config.id, Math.round(byMs / 1000));
    for (const state of sources.values()) {
      state.dueAt -= byMs;
      if (state.lastCompleteAt !== null) state.lastCompleteAt -= byMs;
      for (const key of ["heardAt", "missedAt", "crowdedAt"] as const) {
        const at = state.webhook[key];
        if (at !== null) state.webhook[key] = at - byMs;
      }
    }
    opened?.monitor.clockSetBack(byMs);
    try {
      await store.mirror.clockSetBack();
      await pusher.clockSetBack(byMs);
    } catch (cause) {
      // A full disk: the next start does it.
      debug("%s: %s", config.id, toPanopticonError(cause).message);
    }
  }

  async function poll(): Promise<void> {
    const watch = createClockWatch(clock);
    while (!stopping.signal.aborted) {
      const byMs = watch.setBackMs();
      if (byMs > 0) await followClock(byMs);
      const now = clock.now();
      const waiting = [...sources.values()].filter((state) => state.running === null).sort((a, b) => a.dueAt - b.dueAt);
      // Refused credentials concern all sources: one probe is enough.
      const probing = trouble?.code === "auth" ? waiting.slice(0, 1) : waiting;
      for (const state of probing) {
        if (state.dueAt > now || running >= sourcesAtOnce) break;
        void launch(state, { sweep: false, idle: true }, stopping.signal);
      }
      const next = running >= sourcesAtOnce ? undefined : probing.find((state) => state.running === null);
      wake = new AbortController();
      const signal = AbortSignal.any([wake.signal, stopping.signal]);
      await watch.sleep((next?.dueAt ?? Infinity) - clock.now(), signal);
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
    pusher,
    setSources(rows) {
      const ids = new Set(rows.map((row) => row.id));
      for (const id of sources.keys()) if (!ids.has(id)) sources.delete(id);
      for (const row of rows) {
        const known = sources.get(row.id);
        if (known === undefined) {
          sources.set(row.id, createSourceState(row, clock.now()));
        } else {
          known.row = row;
          // The store asks for a new description when the overrides changed, for everything when the history grew.
          if (row.sync.describedAt === null || row.sync.cursor === null) known.dueAt = clock.now();
        }
      }
      wakeUp();
    },
    start() {
      if (loop !== null || config.missing.length > 0) return;
      pusher.start();
      if (sources.size === 0) void greet();
      loop = poll();
    },
    reschedule() {
      for (const state of sources.values()) {
        if (state.running === null && state.error === null) state.dueAt = Math.min(state.dueAt, nextDue(state));
      }
      wakeUp();
    },
    async hear(told) {
      let mirrored = 0;
      for (const hint of told) {
        const meant = await sourcesOf(hint);
        if (meant.length > 0) mirrored += 1;
        for (const state of meant) {
          state.webhook.heardAt = clock.now();
          pollLess(state);
          const { issue } = hint;
          // An issue that nobody knows yet, somewhere in these sources: their lists tell where.
          if (issue === null || (hint.sourceId === null && meant.length > 1)) {
            if (issue === null) await store.sources.saveSync(state.row.id, { describedAt: null });
            lookSoon(state, clock.now());
          } else {
            hints.add(state, issue, hint);
          }
        }
      }
      return mirrored;
    },
    async syncNow({ source, sweep, signal }) {
      const aborts = signal === undefined ? stopping.signal : AbortSignal.any([signal, stopping.signal]);
      const chosen = [...sources.values()].filter((state) => source === undefined || state.row.config.id === source);
      let before = 0;
      try {
        before = open().monitor.requests();
      } catch (cause) {
        const error = toPanopticonError(cause);
        if (config.missing.length === 0) trouble = error;
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
          const outcome = await launch(state, { sweep, idle: false }, aborts);
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
      return {
        connection: config.id,
        tracker: config.tracker,
        server: opened?.server ?? null,
        health: connectionHealth(vitals()),
        account,
        budget: opened?.monitor.budget() ?? null,
        requests: opened?.monitor.requests() ?? 0,
        lastSyncAt: completed.length === 0 ? null : Math.max(...completed),
        nextSyncAt: loop === null || states.length === 0 ? null : Math.min(...states.map((state) => state.dueAt)),
        error: errorOf(vitals()),
        serverAheadMs: opened?.serverAheadMs?.(),
        webhooks: webhookStatus(),
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
      await Promise.all([loop, pusher.stop(), hints.stop(), ...[...sources.values()].map((state) => state.running)]);
      await pause.saved();
    },
  };
}
