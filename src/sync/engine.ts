import type { Clock } from "../domain/clock.ts";
import type { ConnectionConfig } from "../domain/credentials.ts";
import { PanopticonError } from "../domain/error.ts";
import type { Store } from "../store/store.ts";
import { createState, moveChoices } from "./ask-workflow.ts";
import { createAudience } from "./schedule/audience.ts";
import { findByKey } from "./find-by-key.ts";
import type { OpenConnection } from "./connection/open-connection.ts";
import { refreshIssue } from "./refresh-issue.ts";
import { createRunners } from "./connection/runners.ts";
import type { SyncEngine, SyncEvent } from "./sync-engine.ts";

export type SyncEngineOptions = {
  readonly store: Store;
  readonly clock: Clock;
  /** Opens a connection of the configured tracker. Throws `invalid_input` for unusable values. */
  readonly open: (config: ConnectionConfig) => OpenConnection;
  /** Returns 0 to 1; jitters the polls. */
  readonly random?: () => number;
};

/** The sync engine over a store. Does nothing until it is configured. */
export function createSyncEngine({ store, clock, open, random = Math.random }: SyncEngineOptions): SyncEngine {
  const listeners = new Set<(event: SyncEvent) => void>();
  const emit = (event: SyncEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const audience = createAudience({
    store,
    clock,
    onMore() {
      for (const runner of runners.all()) runner.reschedule();
    },
  });
  const runners = createRunners({ store, clock, random, audience, open, emit });
  const asking = { store, clock, runners };

  return {
    async configure(plan) {
      audience.setMinInterval(plan.minIntervalMs ?? 0);
      await runners.configure(plan);
    },

    start: runners.start,

    async syncNow({ tracker, connection, source, sweep = false, signal } = {}) {
      const chosen = runners
        .all()
        .filter(
          ({ config }) =>
            (tracker === undefined || config.tracker === tracker) &&
            (connection === undefined || config.id === connection),
        );
      const results = await Promise.all(chosen.map((runner) => runner.syncNow({ source, sweep, signal })));
      return {
        changed: results.reduce((sum, result) => sum + result.changed, 0),
        removed: results.reduce((sum, result) => sum + result.removed, 0),
        requests: results.reduce((sum, result) => sum + result.requests, 0),
        failures: results.flatMap((result) => result.failures),
      };
    },

    status: () => runners.all().map((runner) => runner.status()),

    watch: audience.watch,

    refreshIssue: (issueId, signal) => refreshIssue(asking, issueId, signal),

    changed({ change, connection }) {
      if (change.refs.length > 0) emit({ type: "change", sequence: change.sequence, refs: change.refs });
      if (connection === undefined) return;
      // The caller is waiting for its answer on the same thread and disk: start sending after that is out.
      setImmediate(() =>
        runners
          .all()
          .find(({ config }) => config.id === connection)
          ?.pusher.wake(),
      );
    },

    moveChoices: (issueId, stateIds, patienceMs) => moveChoices(asking, issueId, stateIds, patienceMs),

    findByKey(tracker, key, patienceMs) {
      const own = runners.all().filter(({ config }) => config.tracker === tracker);
      return findByKey({ store, runners: own }, key, AbortSignal.timeout(patienceMs));
    },

    createState: (sourceId, name, category, signal) => createState(asking, sourceId, { name, category }, signal),

    async deliver(patienceMs) {
      const ends = new AbortController();
      const timer = setTimeout(
        () => ends.abort(new PanopticonError("timeout", "There was no time left to send it.")),
        patienceMs,
      );
      try {
        await Promise.all(runners.all().map((runner) => runner.pusher.drain(ends.signal)));
      } finally {
        clearTimeout(timer);
      }
    },

    hear: async (connection, hints) => runners.get(connection).hear(hints),

    openFile: async (connection, url, signal) => runners.get(connection).open().connection.openFile(url, signal),

    codeHost(id) {
      const runner = runners.get(id);
      const { connection, serverAheadMs } = runner.open();
      if (connection.code !== undefined) return { host: connection.code, serverAheadMs: serverAheadMs ?? (() => 0) };
      throw new PanopticonError("unsupported", "This tracker does not host code.", { tracker: runner.config.tracker });
    },

    async listSources(connection, signal) {
      const found = [];
      for await (const source of runners.get(connection).open().connection.sources(signal)) found.push(source);
      return found;
    },

    verify: (connection, signal) => runners.get(connection).verify(signal),

    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    stop: runners.stop,
  };
}
