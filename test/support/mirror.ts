import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Emulator } from "../../emulators/emulator.ts";
import { type Clock, systemClock } from "../../src/domain/clock.ts";
import type { ConnectionConfig } from "../../src/domain/credentials.ts";
import type { SourceConfig } from "../../src/domain/source.ts";
import { openStore, type StoreOptions } from "../../src/store/open-store.ts";
import type { Store } from "../../src/store/store.ts";
import { createSyncEngine } from "../../src/sync/engine.ts";
import type { SyncEngine, SyncEvent, SyncPlan } from "../../src/sync/sync-engine.ts";
import { createHttpClient } from "../../src/trackers/http/create-http-client.ts";
import { findTracker } from "../../src/trackers/registry.ts";
import { putEmptyMirror } from "./empty-mirror.ts";

/** A store and a sync engine over emulators, in their own folder. */
export type TestMirror = {
  readonly store: Store;
  readonly sync: SyncEngine;
  readonly events: SyncEvent[];
  readonly plan: SyncPlan;
  /** Resolves with the first matching event, including past ones. */
  event(fits: (event: SyncEvent) => boolean): Promise<SyncEvent>;
  close(): Promise<void>;
};

export const ninetyDaysMs = 90 * 24 * 60 * 60 * 1000;

/** The connection for an emulator's credentials, with field values from their environment keys. */
export function toConnection(emulator: Emulator, credentials = emulator.credentials): ConnectionConfig {
  const tracker = findTracker(emulator.tracker);
  if (tracker === undefined) throw new Error(`no tracker ${emulator.tracker}`);
  const values: Record<string, string> = {};
  for (const field of tracker.credentialFields) {
    const value = field.env.map((key) => credentials[key]).find((found) => found !== undefined) ?? field.defaultValue;
    if (value !== undefined) values[field.name] = value;
  }
  const origins = Object.fromEntries(
    Object.keys(values).map((name) => [name, { kind: "environment", key: name } as const]),
  );
  return { id: emulator.tracker, tracker: emulator.tracker, values, origins, missing: [] };
}

/** All of an emulator's sources, in one project. */
export function toSources(emulator: Emulator, historyMs: number | null = null): SourceConfig[] {
  const tracker = findTracker(emulator.tracker);
  return emulator.sources.map((source) => ({
    id: `${emulator.tracker}:${source.key}`,
    tracker: emulator.tracker,
    connection: emulator.tracker,
    project: "demo",
    projectName: "Demo",
    key: source.key,
    refPrefix: tracker?.sourceKeys[0]?.refPrefix(source.key, undefined) ?? "",
    historyMs,
    stateOverrides: {},
    shadow: false,
  }));
}

export async function createTestMirror(
  emulators: readonly Emulator[],
  options: {
    readonly clock?: Clock;
    readonly historyMs?: number | null;
    readonly plan?: SyncPlan;
    /** Keeps the data for a mirror opened later. */
    readonly folder?: string;
    /** PostgreSQL instead of a file. */
    readonly databaseUrl?: string | null;
    /** Finds mentions of issues in texts. */
    readonly findRefs?: StoreOptions["findRefs"];
    readonly deadlineMs?: number;
    /** The disk is full at this many pages. */
    readonly maxPages?: number;
    /** Simulates a crash at any call to the engine's parts. */
    readonly crash?: { wrap<T extends object>(part: T): T };
  } = {},
): Promise<TestMirror> {
  const clock = options.clock ?? systemClock;
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), "panopticon-mirror-")));
  const file = join(folder, "mirror.db");
  const { databaseUrl = null } = options;
  if (databaseUrl === null) await putEmptyMirror(file);
  const store = await openStore({
    databaseUrl,
    file,
    clock,
    ...(options.findRefs === undefined ? {} : { findRefs: options.findRefs }),
    ...(options.maxPages === undefined ? {} : { limits: { maxPages: options.maxPages } }),
  });
  const wrap = options.crash?.wrap ?? (<T extends object>(part: T) => part);
  const sync = createSyncEngine({
    store: wrap(store),
    clock,
    random: () => 0.5,
    open: (config) => {
      const tracker = findTracker(config.tracker);
      if (tracker === undefined) throw new Error(`no tracker ${config.tracker}`);
      const { client, monitor } = createHttpClient({
        policy: tracker.http,
        values: config.values,
        clock,
        userAgent: "panopticon-test",
        ...(options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs }),
      });
      return { connection: wrap(tracker.connect(client)), monitor, server: client.baseUrl, writing: tracker.writing };
    },
  });
  const events: SyncEvent[] = [];
  const waiting = new Set<(event: SyncEvent) => void>();
  sync.on((event) => {
    events.push(event);
    for (const waiter of waiting) waiter(event);
  });
  const plan = options.plan ?? {
    connections: emulators.map((emulator) => toConnection(emulator)),
    sources: emulators.flatMap((emulator) => toSources(emulator, options.historyMs ?? null)),
  };
  await sync.configure(plan);
  return {
    store,
    sync,
    events,
    plan,
    event: (fits) =>
      new Promise((resolve) => {
        const past = events.find(fits);
        if (past !== undefined) {
          resolve(past);
          return;
        }
        const waiter = (event: SyncEvent) => {
          if (!fits(event)) return;
          waiting.delete(waiter);
          resolve(event);
        };
        waiting.add(waiter);
      }),
    async close() {
      await sync.stop();
      await store.close();
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}
