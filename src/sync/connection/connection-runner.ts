import createDebug from "debug";
import type { Clock } from "../../domain/clock.ts";
import type { ConnectionConfig } from "../../domain/credentials.ts";
import { PanopticonError, toPanopticonError } from "../../domain/error.ts";
import type { Change } from "../../store/change.ts";
import type { SourceRow } from "../../store/sources/source-row.ts";
import type { Store, StoredPause } from "../../store/store.ts";
import type { Account, WebhookHint } from "../../trackers/tracker.ts";
import { createConnectionState, isTrouble } from "./connection-state.ts";
import { toConnectionStatus } from "./connection-status.ts";
import { connectionHealth, type Vitals } from "./health.ts";
import { createKeptPause } from "./kept-pause.ts";
import { missingCredentials } from "./missing-credentials.ts";
import type { OpenConnection } from "./open-connection.ts";
import { createPolling } from "../schedule/poll-sources.ts";
import { createPusher, type Pusher } from "../push/pusher.ts";
import { createTurns, type TurnKind } from "../turn/run-turn.ts";
import { type Audience, createSourceSchedule } from "../schedule/source-schedule.ts";
import { askForTurn, createSourceState, type SourceState, type TurnResult } from "../schedule/source-state.ts";
import type { ConnectionStatus, Health, SyncEvent, SyncResult } from "../sync-engine.ts";
import { syncSources } from "../schedule/sync-sources.ts";
import { hearHints } from "../webhooks/hear-hints.ts";
import { createHintQueue } from "../webhooks/hint-queue.ts";

const debug = createDebug("sync");

export type ConnectionRunner = {
  readonly config: ConnectionConfig;
  setSources(rows: readonly SourceRow[]): void;
  /** Starts polling. */
  start(): void;
  /** Reschedules after a watch started or ended: sources may be due sooner. */
  reschedule(): void;
  syncNow(options: {
    source?: string | undefined;
    sweep: boolean;
    signal?: AbortSignal | undefined;
  }): Promise<SyncResult>;
  verify(signal?: AbortSignal): Promise<Account>;
  /** See `SyncEngine.hear`. */
  hear(hints: readonly WebhookHint[]): Promise<number>;
  /** Throws `auth` or `invalid_input` if the connection cannot be opened. */
  open(): OpenConnection;
  /** Notifies the listeners of a transaction's changes, and the outbox that something may be sent now. */
  publish(change: Pick<Change, "sequence" | "refs" | "due">): void;
  /** Sends this connection's outbox. */
  readonly pusher: Pusher;
  status(): ConnectionStatus;
  stop(): Promise<void>;
};

export type RunnerOptions = {
  readonly config: ConnectionConfig;
  readonly store: Store;
  readonly clock: Clock;
  /** A pause that an earlier process was told to keep. */
  readonly pause: StoredPause | null;
  readonly random: () => number;
  readonly audience: Audience;
  readonly open: (config: ConnectionConfig) => OpenConnection;
  readonly emit: (event: SyncEvent) => void;
  /** Called when the account is known, which `me` refers to on this connection. */
  readonly onAccount: (account: Account) => Promise<void>;
};

/** Keeps the sources of one connection in sync. Its errors do not affect other connections. */
export function createConnectionRunner(options: RunnerOptions): ConnectionRunner {
  const { config, store, clock, audience, random, emit } = options;
  const connection = createConnectionState(config);
  const { sources } = connection;
  const pause = createKeptPause({ config, stored: options.pause, sources: store.sources, clock });
  const stopping = new AbortController();
  let loop: Promise<void> | null = null;
  let lastHealth: Health | null = null;

  function open(): OpenConnection {
    if (config.missing.length > 0) throw missingCredentials(config);
    if (connection.opened === null) {
      connection.opened = options.open(config);
      pause.follow(connection.opened.monitor);
    }
    return connection.opened;
  }

  const publish: ConnectionRunner["publish"] = ({ sequence, refs, due }) => {
    if (refs.length > 0) emit({ type: "change", sequence, refs });
    if (due) pusher.wake();
  };

  const polling = createPolling({
    connection,
    clock,
    launch: (state) => void launch(state, { sweep: false, idle: true }, stopping.signal),
    onClockSetBack: followClock,
  });

  const schedule = createSourceSchedule({ connection, clock, audience, random, onSooner: polling.wakeUp });

  const pusher: Pusher = createPusher({
    connection: config.id,
    store,
    clock,
    open,
    publish,
    onTrouble(error) {
      if (error === null) connection.trouble = null;
      else if (isTrouble(error)) connection.trouble = error;
      announce();
    },
  });

  const hints = createHintQueue({
    store,
    clock,
    open,
    signal: stopping.signal,
    publish,
    onLeft(state, why) {
      if (why === "crowd") state.webhook.crowdedAt = clock.now();
      else state.webhook.missedAt = clock.now();
      schedule.lookSoon(state, why === "crowd" ? clock.now() : schedule.nextDue(state));
    },
  });

  const runTurn = createTurns({
    state: connection,
    store,
    clock,
    open,
    verify,
    isTold: (state) => hints.has(state),
    onRecovered: () => pusher.hasten(),
    publish,
    emit,
    announce,
  });

  async function verify(signal?: AbortSignal): Promise<Account> {
    const found = await open().connection.verify(signal ?? stopping.signal);
    connection.account = found;
    connection.trouble = null;
    await options.onAccount(found);
    announce();
    return found;
  }

  function vitals(): Vitals {
    const { opened, trouble } = connection;
    const pausedUntil = opened === null ? pause.until() : opened.monitor.pausedUntil();
    return { config, now: clock.now(), pausedUntil, trouble, states: [...sources.values()] };
  }

  function announce(): void {
    const now = connectionHealth(vitals());
    if (now === lastHealth) return;
    lastHealth = now;
    emit({ type: "tracker", connection: config.id, health: now });
  }

  function launch(state: SourceState, kind: TurnKind, signal: AbortSignal): Promise<TurnResult> {
    connection.running += 1;
    const result = runTurn(state, kind, signal).finally(() => {
      connection.running -= 1;
      state.running = null;
      schedule.turnEnded(state);
      announce();
      polling.wakeUp();
    });
    state.running = result;
    announce();
    return result;
  }

  /** Corrects times recorded under the old clock, which would delay polls, pauses and changes. */
  async function followClock(byMs: number): Promise<void> {
    debug("%s: the clock was set back by %d s", config.id, Math.round(byMs / 1000));
    schedule.clockSetBack(byMs);
    connection.opened?.monitor.clockSetBack(byMs);
    try {
      await store.mirror.clockSetBack();
      await pusher.clockSetBack(byMs);
    } catch (cause) {
      // The disk is full: the next start repeats this.
      debug("%s: %s", config.id, toPanopticonError(cause).message);
    }
  }

  /** Fetches the account even if there is nothing to mirror yet, for the first-run page and Settings. */
  async function greet(): Promise<void> {
    try {
      await verify();
    } catch (cause) {
      if (stopping.signal.aborted) return;
      connection.trouble = toPanopticonError(cause);
      announce();
    }
  }

  return {
    config,
    open,
    verify,
    publish,
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
          // The store resets `describedAt` if the overrides changed, and the cursor if the history window grew.
          if (row.sync.describedAt === null || row.sync.cursor === null) askForTurn(known, clock.now());
        }
      }
      polling.wakeUp();
    },
    start() {
      if (loop !== null) return;
      // Without credentials there is nothing to poll, but changes must say what they wait for.
      pusher.start();
      if (config.missing.length > 0) return;
      if (sources.size === 0) void greet();
      loop = polling.run(stopping.signal);
    },
    reschedule: schedule.lookAgain,
    hear: (told) => hearHints(told, { states: [...sources.values()], store, clock, schedule, queue: hints }),
    async syncNow({ source, sweep, signal }) {
      const aborts = signal === undefined ? stopping.signal : AbortSignal.any([signal, stopping.signal]);
      const chosen = [...sources.values()].filter((state) => source === undefined || state.row.config.id === source);
      let before = 0;
      try {
        before = open().monitor.requests();
      } catch (cause) {
        const error = toPanopticonError(cause);
        if (config.missing.length === 0) connection.trouble = error;
        const failures = chosen.map((state) => ({ source: state.row.config.id, error }));
        return { changed: 0, removed: 0, requests: 0, failures };
      }
      const result = await syncSources(chosen, (state) => launch(state, { sweep, idle: false }, aborts), aborts);
      return { ...result, requests: open().monitor.requests() - before };
    },
    status: () => toConnectionStatus(connection, vitals(), loop !== null),
    async stop() {
      stopping.abort(new PanopticonError("busy", "The sync was stopped."));
      await Promise.all([loop, pusher.stop(), hints.stop(), ...[...sources.values()].map((state) => state.running)]);
      await pause.saved();
    },
  };
}
