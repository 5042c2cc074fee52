import assert from "node:assert/strict";
import type { Emulator } from "../../emulators/emulator.ts";
import { emulatedTrackers, startEmulators } from "../../emulators/start.ts";
import type { App, Serving } from "../../src/cli/app.ts";
import { composeApp } from "../../src/cli/compose.ts";
import { type PanHome, projectKeys } from "../../src/cli/fixture.ts";
import type { Subject } from "../../src/trackers/conformance/stage.ts";
import { subjectOf } from "../../src/trackers/conformance/subject-of.ts";
import type { TrackerShape, TrackersShape } from "../../src/server/contract/tracker.ts";
import { createDice } from "../support/kill-run.ts";
import { makeHome } from "../support/stage.ts";
import { followTraffic, type Traffic } from "../support/traffic.ts";
import { createVirtualClock, type VirtualClock } from "../support/virtual-clock.ts";

/** Enough in the faulty tracker for several pages; in the others just enough to see that they keep working. */
const issues = { here: 160, others: 12 };

/** More than a fast response takes on a busy machine. */
const deadlineMs = 1_500;

/** Several trackers in one app, wired as in `pan up`, on a virtual clock; one of them has the faults. */
export type FaultStage = {
  /** The description of the tracker with the faults. */
  readonly subject: Subject;
  readonly emulator: Emulator;
  readonly others: readonly Emulator[];
  readonly home: PanHome;
  readonly app: App;
  readonly url: string;
  readonly traffic: Traffic;
  /** The trackers' time, which is the true one. */
  readonly clock: VirtualClock;
  /** A number from 0 up to `below`, from the stage's seed. */
  readonly dice: (below: number) => number;
  /** A unique word. */
  word(): string;
  /** Sets how far this machine's clock is ahead of the true time; negative: behind. */
  setMachineClock(aheadMs: number): void;
  /** Advances time and completes everything that becomes due. */
  pass(ms: number): Promise<void>;
  /** An API call, as `pan` makes it. */
  ask(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly body: unknown }>;
  get<T>(path: string): Promise<T>;
  /** A connection's state in `GET /api/trackers`. */
  shown(connection?: string): Promise<TrackerShape>;
  close(): Promise<void>;
};

/** `others`: the number of other trackers next to it, at most four. */
export async function createFaultStage(tracker: string, seed: number, others: number): Promise<FaultStage> {
  const traffic = followTraffic();
  const clock = createVirtualClock(undefined, () => traffic.quiet());
  let aheadMs = 0;
  const parts = await openParts(tracker, seed, others, clock);
  const { emulator, emulators, home } = parts;
  const app = await composeApp({
    paths: home.paths,
    env: { PANOPTICON_HOME: home.folder, PATH: process.env["PATH"] },
    cwd: home.folder,
    timing: {
      clock: { now: () => clock.now() + aheadMs, sleep: (ms, signal) => clock.sleep(ms, signal) },
      random: () => 0.5,
      deadlineMs,
    },
  });
  const serving = await app.serve({ host: "127.0.0.1", port: 0 });
  const token = new URL(serving.address).searchParams.get("token") ?? "";
  let words = 0;

  const ask: FaultStage["ask"] = async (method, path, body) => {
    const response = await fetch(`${serving.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as unknown };
  };
  async function get<T>(path: string): Promise<T> {
    const { status, body } = await ask("GET", path);
    assert.equal(status, 200, `${path}: ${JSON.stringify(body)}`);
    return body as T;
  }

  const stage: FaultStage = {
    subject: await subjectOf(tracker),
    emulator,
    others: Object.values(emulators).filter((one) => one !== emulator),
    home,
    app,
    url: serving.url,
    traffic,
    clock,
    dice: createDice(seed),
    word: () => `word${seed}x${(words += 1)}x`,
    setMachineClock(ahead) {
      aheadMs = ahead;
    },
    async pass(ms) {
      await traffic.quiet();
      await clock.advance(ms);
      await traffic.quiet();
    },
    ask,
    get,
    async shown(connection = tracker) {
      const { trackers } = await get<TrackersShape>("/api/trackers");
      const found = trackers.find((one) => one.connection === connection);
      assert.ok(found, connection);
      return found;
    },
    async close() {
      await app.close();
      traffic.close();
      await parts.close();
    },
  };
  await firstSync(stage, serving);
  return stage;
}

async function openParts(tracker: string, seed: number, others: number, clock: VirtualClock) {
  const at = emulatedTrackers.indexOf(tracker);
  const ring = [...emulatedTrackers.slice(at + 1), ...emulatedTrackers.slice(0, at)];
  const shared = { seed, sources: 1, now: clock.now, budget: 1_000_000, largestPage: 50 };
  const own = await startEmulators({ ...shared, issues: issues.here, only: [tracker] });
  const rest = await startEmulators({ ...shared, issues: issues.others, only: ring.slice(0, others) });
  const emulators = { ...rest.emulators, ...own.emulators };
  const emulator = emulators[tracker];
  assert.ok(emulator);
  const home = makeHome({
    emulators: Object.values(emulators),
    projects: `projects:\n  one:\n    history: all\n${projectKeys(emulators, 0)}`,
    config: "server:\n  publicUrl: https://hooks.example.com\n",
  });
  return {
    emulator,
    emulators,
    home,
    async close() {
      await home[Symbol.asyncDispose]();
      await Promise.all(Object.values(emulators).map((one) => one.close()));
    },
  };
}

async function firstSync(stage: FaultStage, { url }: Serving): Promise<void> {
  await stage.pass(1_000);
  for (const { tracker } of [stage.emulator, ...stage.others]) {
    const { health, sources } = await stage.shown(tracker);
    assert.equal(health, "ok", `${tracker} at ${url}`);
    assert.ok(sources.every(({ lastSyncAt }) => lastSyncAt !== null));
  }
}
