import type { ConnectionConfig } from "../../domain/credentials.ts";
import { PanopticonError } from "../../domain/error.ts";
import type { Store } from "../../store/store.ts";
import { type ConnectionRunner, createConnectionRunner, type RunnerOptions } from "./connection-runner.ts";
import type { SyncPlan } from "../sync-engine.ts";

/** The synced connections, each with its own runner. */
export type Runners = {
  all(): readonly ConnectionRunner[];
  /** Throws `not_found` with the known connections. */
  get(connection: string): ConnectionRunner;
  /** Stops the runners of removed or changed connections, creates those of new ones, and gives each its sources. The others continue. */
  configure(plan: SyncPlan): Promise<void>;
  start(): void;
  stop(): Promise<void>;
};

export function createRunners(options: Omit<RunnerOptions, "config" | "pause" | "onAccount">): Runners {
  const { store, emit } = options;
  const runners = new Map<string, ConnectionRunner>();
  let started = false;
  /** Whether the state left by an earlier process has been recovered. */
  let recovered = false;

  async function endReplaced(connections: SyncPlan["connections"]): Promise<ReadonlySet<string>> {
    const kept = new Map(connections.map((config) => [config.id, config]));
    const replaced = new Set<string>();
    for (const [id, runner] of runners) {
      const next = kept.get(id);
      if (next !== undefined && sameConnection(next, runner.config)) continue;
      runners.delete(id);
      replaced.add(id);
      await runner.stop();
    }
    return replaced;
  }

  return {
    all: () => [...runners.values()],

    get(connection) {
      const runner = runners.get(connection);
      if (runner !== undefined) return runner;
      throw new PanopticonError("not_found", `Connection ${connection} not found.`, {
        hint: "List the connections with `pan trackers`.",
        candidates: [...runners.keys()],
      });
    },

    async configure(plan) {
      await store.sources.reconcile(plan.sources);
      if (!recovered) await recover(store);
      const replaced = await endReplaced(plan.connections);
      for (const { id, config, form } of await store.sources.list()) {
        // Other credentials may see and do different things; credentials of read-only sources may have been replaced while no process ran.
        const stale = replaced.has(config.connection) || (!recovered && form?.writable.allowed === false);
        if (stale) await store.sources.saveSync(id, { describedAt: null });
      }
      recovered = true;
      const [rows, pauses] = await Promise.all([store.sources.list(), store.sources.pauses()]);
      for (const config of plan.connections) {
        let runner = runners.get(config.id);
        if (runner === undefined) {
          runner = createConnectionRunner({
            ...options,
            config,
            pause: pauses[config.id] ?? null,
            onAccount: (account) => store.sources.saveAccount(config.id, account),
          });
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

    async stop() {
      started = false;
      await Promise.all([...runners.values()].map((runner) => runner.stop()));
    },
  };
}

/** Marks what an earlier process was sending as `unknown`, and corrects times if the clock was set back while no process ran. */
async function recover(store: Store): Promise<void> {
  await store.outbox.sending.recover();
  await store.mirror.clockSetBack();
}

/** Whether server and credentials are the same, so that running work may continue. */
function sameConnection(a: ConnectionConfig, b: ConnectionConfig): boolean {
  const names = new Set([...Object.keys(a.values), ...Object.keys(b.values)]);
  return a.tracker === b.tracker && [...names].every((name) => a.values[name] === b.values[name]);
}
