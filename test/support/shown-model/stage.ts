import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Emulator } from "../../../emulators/emulator.ts";
import { startEmulator } from "../../../emulators/start.ts";
import { createServer } from "../../../src/server/server.ts";
import { createFindRefs } from "../../../src/trackers/find-refs.ts";
import { trackers } from "../../../src/trackers/registry.ts";
import { createTestMirror, type TestMirror } from "../mirror.ts";
import { sendRequest } from "../send-request.ts";
import { syncInPeace, untilSettled } from "../settle-on-clock.ts";
import { createTestConfig, testProject } from "../test-config.ts";
import { createVirtualClock, type VirtualClock } from "../virtual-clock.ts";
import { wireServices } from "../wire-services.ts";

/** How long a call may take before the virtual clock is advanced for it. */
export const patienceMs = 3_000;

/** A real server over a real store, with an emulator of one tracker on a virtual clock. Changes are sent only when asked. */
export type ShownStage = {
  readonly emulator: Emulator;
  readonly clock: VirtualClock;
  readonly mirror: () => TestMirror;
  /** Sends a request to the API; the body of an answer, or the code of a problem. */
  ask<T>(method: string, path: string, body?: unknown): Promise<{ readonly body: T } | { readonly code: string }>;
  get<T>(path: string): Promise<T>;
  poll(): Promise<void>;
  settled<T>(work: Promise<T>): Promise<T>;
  restart(): Promise<void>;
  close(): Promise<void>;
};

export async function openShownStage(tracker: string, databaseUrl: string | null): Promise<ShownStage> {
  const folder = await mkdtemp(join(tmpdir(), "panopticon-shown-"));
  const clock = createVirtualClock();
  const emulator = await startEmulator(tracker, {
    // Enough for two of Rally's stories.
    issues: tracker === "rally" ? 14 : 6,
    seed: 7,
    sources: 1,
    closed: 0,
    now: clock.now,
    budget: 1_000_000,
  });
  const token = "t".repeat(43);

  async function begin() {
    const mirror = await createTestMirror([emulator], {
      clock,
      folder,
      databaseUrl,
      findRefs: createFindRefs(trackers),
    });
    const config = createTestConfig(trackers, [testProject("demo", mirror.plan.sources)]);
    config.change({ connections: mirror.plan.connections });
    const { store, sync } = mirror;
    const services = wireServices({ store, sync, trackers, config, home: folder, token, webRoot: folder });
    const server = createServer(services, { port: 0 });
    const { port } = await server.start();
    return {
      mirror,
      port,
      async end() {
        await server.stop();
        await services.work.stop();
        await untilSettled(mirror.close(), clock);
      },
    };
  }

  let running = await begin();
  const poll = () => syncInPeace(running.mirror, clock, false);
  const ask: ShownStage["ask"] = async <T>(method: string, path: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${token}` };
    const sent = sendRequest(running.port, path, { method, headers, ...(body !== undefined && { body }) });
    // Some calls ask the tracker, and wait on the clock if it has to be left alone.
    const isQuick = await Promise.race([sent.then(() => true), sleep(patienceMs, false, { ref: false })]);
    const answer = await (isQuick ? sent : untilSettled(sent, clock));
    assert.ok(answer.status < 500 || answer.status === 503, answer.text);
    if (answer.status >= 400) return { code: (answer.json() as { code: string }).code };
    return { body: (answer.text === "" ? null : answer.json()) as T };
  };
  return {
    emulator,
    clock,
    mirror: () => running.mirror,
    ask,
    async get<T>(path: string) {
      const answer = await ask<T>("GET", path);
      assert.ok("body" in answer, `GET ${path}: ${JSON.stringify(answer)}`);
      return answer.body;
    },
    poll,
    settled: (work) => untilSettled(work, clock),
    async restart() {
      await running.end();
      running = await begin();
    },
    async close() {
      await running.end();
      await emulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
