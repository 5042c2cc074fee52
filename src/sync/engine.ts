import type { Clock } from "../domain/clock.ts";
import type { ConnectionConfig } from "../domain/credentials.ts";
import { PanopticonError } from "../domain/error.ts";
import type { SourceRow } from "../store/sources/source-row.ts";
import type { Store, StoredPause } from "../store/store.ts";
import type { Account, ReadResult, TrackerWriter } from "../trackers/tracker.ts";
import { type ConnectionRunner, createConnectionRunner } from "./connection-runner.ts";
import type { OpenConnection } from "./open-connection.ts";
import { findByKey } from "./find-by-key.ts";
import { refreshComments } from "./refresh-comments.ts";
import type { SyncEngine, SyncEvent } from "./sync-engine.ts";
import { storeRead } from "./store-read.ts";
import { toSource } from "./to-source.ts";

export type SyncEngineOptions = {
  readonly store: Store;
  readonly clock: Clock;
  /** Opens a connection of whatever tracker the configuration names. Throws `invalid_input` for values that cannot be used. */
  readonly open: (config: ConnectionConfig) => OpenConnection;
  /** 0 to 1; spreads the polls. */
  readonly random?: () => number;
};

/** The sync engine over a store. Does nothing until it is configured. */
export function createSyncEngine(options: SyncEngineOptions): SyncEngine {
  const { store, clock, random = Math.random } = options;
  const runners = new Map<string, ConnectionRunner>();
  const listeners = new Set<(event: SyncEvent) => void>();
  const boards = new Set<symbol>();
  /** Open panels: source ids, counted. */
  const openSources = new Map<number, number>();
  let lastSeenAt: number | null = null;
  let started = false;
  let minIntervalMs = 0;
  /** What an earlier process was sending when it ended has been noted. */
  let recovered = false;

  const audience = {
    boardVisible: () => boards.size > 0,
    lastSeenAt: () => (boards.size > 0 ? clock.now() : lastSeenAt),
    isSourceOpen: (sourceId: number) => (openSources.get(sourceId) ?? 0) > 0,
    minIntervalMs: () => minIntervalMs,
  };

  function emit(event: SyncEvent): void {
    for (const listener of listeners) listener(event);
  }

  function getRunner(connection: string): ConnectionRunner {
    const runner = runners.get(connection);
    if (runner !== undefined) return runner;
    throw new PanopticonError("not_found", `There is no connection called ${connection}.`, {
      hint: "The connections are listed by `pan trackers`.",
      candidates: [...runners.keys()],
    });
  }

  function createRunner(config: ConnectionConfig, pause: StoredPause | null): ConnectionRunner {
    return createConnectionRunner({
      config,
      store,
      clock,
      pause,
      random,
      audience,
      open: options.open,
      emit,
      onAccount: (account: Account) => store.sources.saveAccount(config.id, account),
    });
  }

  function reschedule(): void {
    for (const runner of runners.values()) runner.reschedule();
  }

  return {
    async configure(plan) {
      minIntervalMs = plan.minIntervalMs ?? 0;
      await store.sources.reconcile(plan.sources);
      if (!recovered) {
        await store.outbox.sending.recover();
        // While no process ran it may have been.
        await store.mirror.clockSetBack();
      }
      const kept = new Map(plan.connections.map((config) => [config.id, config]));
      const replaced = new Set<string>();
      for (const [id, runner] of runners) {
        const next = kept.get(id);
        if (next !== undefined && sameConnection(next, runner.config)) continue;
        runners.delete(id);
        replaced.add(id);
        await runner.stop();
      }
      for (const { id, config, form } of await store.sources.list()) {
        // Other credentials see and may do other things; those that only read may have been replaced while no process ran.
        const stale = replaced.has(config.connection) || (!recovered && form?.writable.allowed === false);
        if (stale) await store.sources.saveSync(id, { describedAt: null });
      }
      recovered = true;
      const [rows, pauses] = await Promise.all([store.sources.list(), store.sources.pauses()]);
      for (const config of plan.connections) {
        let runner = runners.get(config.id);
        if (runner === undefined) {
          runner = createRunner(config, pauses[config.id] ?? null);
          runners.set(config.id, runner);
        }
        runner.setSources(rows.filter((row) => row.config.connection === config.id));
        if (started) runner.start();
        emit({ type: "tracker", connection: config.id, health: runner.status().health });
      }
    },

    start() {
      started = true;
      for (const runner of runners.values()) runner.start();
    },

    async syncNow(which = {}) {
      const chosen = [...runners.values()].filter(
        (runner) =>
          (which.tracker === undefined || runner.config.tracker === which.tracker) &&
          (which.connection === undefined || runner.config.id === which.connection),
      );
      const results = await Promise.all(
        chosen.map((runner) =>
          runner.syncNow({ source: which.source, sweep: which.sweep ?? false, signal: which.signal }),
        ),
      );
      return {
        changed: results.reduce((sum, result) => sum + result.changed, 0),
        removed: results.reduce((sum, result) => sum + result.removed, 0),
        requests: results.reduce((sum, result) => sum + result.requests, 0),
        failures: results.flatMap((result) => result.failures),
      };
    },

    status: () => [...runners.values()].map((runner) => runner.status()),

    watch(what) {
      if ("board" in what) {
        const watcher = Symbol("board");
        boards.add(watcher);
        reschedule();
        return () => {
          if (boards.delete(watcher)) lastSeenAt = clock.now();
        };
      }
      let ended = false;
      let sourceId: number | null = null;
      void store.board.detail(what.issueId).then(
        (issue) => {
          if (ended) return;
          sourceId = issue.sourceId;
          openSources.set(sourceId, (openSources.get(sourceId) ?? 0) + 1);
          reschedule();
        },
        // An issue that is gone needs no watching.
        () => undefined,
      );
      return () => {
        if (!ended && sourceId !== null) openSources.set(sourceId, (openSources.get(sourceId) ?? 1) - 1);
        ended = true;
      };
    },

    async refreshIssue(issueId, signal) {
      const issue = await store.board.detail(issueId);
      const row = await store.sources.get(issue.sourceId);
      const { open, publish } = getRunner(row.config.connection);
      const { connection } = open();
      const source = toSource(row);

      const read = await connection.read(source, issue.nativeId, issue.key, signal);
      const change = await storeRead(store, row.id, issue.nativeId, read);
      if (change !== null) publish(change);
      if (read.kind !== "issue") throw unreadable(issue, read);

      publish(await refreshComments({ store, clock, connection, row, issue, signal }));
    },

    changed({ change }) {
      if (change.refs.length > 0) emit({ type: "change", sequence: change.sequence, refs: change.refs });
      // Whoever made the change is waiting for its answer, on the same thread and disk: sending has time until that is out.
      setImmediate(() => {
        for (const runner of runners.values()) runner.pusher.wake();
      });
    },

    async moveChoices(issueId, stateIds, patienceMs) {
      const issue = await store.outbox.issue(issueId);
      const row = await store.sources.get(issue.sourceId);
      const { choices } = writerOf(getRunner(row.config.connection), row);
      if (choices === undefined) return null;
      const patience = AbortSignal.timeout(patienceMs);
      try {
        return await choices(toSource(row), issue.base, stateIds, patience);
      } catch (error) {
        if (!patience.aborted) throw error;
        throw new PanopticonError("timeout", "The tracker did not tell in time which moves it allows.", {
          tracker: row.config.tracker,
          hint: "The move is decided when it is sent.",
        });
      }
    },

    findByKey(tracker, key, patienceMs) {
      const own = [...runners.values()].filter(({ config }) => config.tracker === tracker);
      return findByKey({ store, runners: own }, key, AbortSignal.timeout(patienceMs));
    },

    async createState(sourceId, name, category, signal) {
      const row = await store.sources.get(sourceId);
      const runner = getRunner(row.config.connection);
      const { createState } = writerOf(runner, row);
      if (createState === undefined) {
        throw new PanopticonError("unsupported", `States cannot be made in ${row.config.key} from here.`, {
          tracker: row.config.tracker,
          hint: "Make it in the tracker; Panopticon reads it within the hour.",
        });
      }
      await createState(toSource(row), name, { category }, signal);
      await store.sources.saveSync(sourceId, { describedAt: null });
      await runner.syncNow({ source: row.config.id, sweep: false, signal });
    },

    async deliver(patienceMs) {
      const ends = new AbortController();
      const timer = setTimeout(
        () => ends.abort(new PanopticonError("timeout", "There was no more time to send.")),
        patienceMs,
      );
      try {
        await Promise.all([...runners.values()].map((runner) => runner.pusher.drain(ends.signal)));
      } finally {
        clearTimeout(timer);
      }
    },

    hear: async (connection, hints) => getRunner(connection).hear(hints),

    openFile: async (connection, url, signal) => getRunner(connection).open().connection.openFile(url, signal),

    codeHost(id) {
      const runner = getRunner(id);
      const { connection, serverAheadMs } = runner.open();
      if (connection.code !== undefined) return { host: connection.code, serverAheadMs: serverAheadMs ?? (() => 0) };
      throw new PanopticonError("unsupported", "This tracker keeps no code.", { tracker: runner.config.tracker });
    },

    async listSources(connection, signal) {
      const found = [];
      for await (const source of getRunner(connection).open().connection.sources(signal)) found.push(source);
      return found;
    },

    verify: (connection, signal) => getRunner(connection).verify(signal),

    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    async stop() {
      started = false;
      await Promise.all([...runners.values()].map((runner) => runner.stop()));
    },
  };
}

function writerOf(runner: ConnectionRunner, row: SourceRow): TrackerWriter {
  const { write } = runner.open().connection;
  if (write !== undefined) return write;
  throw new PanopticonError("unsupported", "This tracker can only be read so far.", { tracker: row.config.tracker });
}

function unreadable(
  { ref, tracker }: { readonly ref: string; readonly tracker: string },
  read: Exclude<ReadResult, { kind: "issue" }>,
): PanopticonError {
  if (read.kind === "forbidden") {
    return new PanopticonError("forbidden", `${ref} can no longer be read with these credentials.`, {
      tracker,
      hint: "What is shown is as of the last sync. Ask for access, or replace the token.",
    });
  }
  return new PanopticonError("gone", `${ref} was ${read.kind === "moved" ? "moved away" : "deleted"} in the tracker.`, {
    tracker,
    hint: read.kind === "moved" && read.url !== null ? `It now lives at ${read.url}` : "It has left the board.",
  });
}

/** The same server with the same credentials: what is under way may go on. */
function sameConnection(a: ConnectionConfig, b: ConnectionConfig): boolean {
  const names = new Set([...Object.keys(a.values), ...Object.keys(b.values)]);
  return a.tracker === b.tracker && [...names].every((name) => a.values[name] === b.values[name]);
}
