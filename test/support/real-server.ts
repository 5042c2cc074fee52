import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Emulator } from "../../emulators/emulator.ts";
import { emulatedTrackers, startEmulator } from "../../emulators/start.ts";
import { createServer } from "../../src/server/server.ts";
import { trackers } from "../../src/trackers/registry.ts";
import { createTestMirror } from "./mirror.ts";
import { sendRequest, type SentAnswer, type SentRequest } from "./send-request.ts";
import { createTestConfig, testProject } from "./test-config.ts";
import { wireServices } from "./wire-services.ts";

/** A server with all real parts: registry, HTTP client, sync engine, store, and emulators of all trackers, not synced yet. */
export type RealServer = {
  readonly emulators: readonly Emulator[];
  readonly port: number;
  readonly token: string;
  /** With the token, as a program. */
  ask(path: string, options?: SentRequest): Promise<SentAnswer>;
  /** Syncs a tracker through the API. */
  sync(tracker: string): Promise<SentAnswer>;
  close(): Promise<void>;
};

export async function startRealServer(): Promise<RealServer> {
  const emulators = await Promise.all(
    emulatedTrackers.map((tracker) => startEmulator(tracker, { issues: 60, seed: 7 })),
  );
  const { store, sync, plan, close: closeMirror } = await createTestMirror([...emulators]);
  const home = await mkdtemp(join(tmpdir(), "panopticon-real-"));
  const config = createTestConfig(trackers, [testProject("demo", plan.sources)]);
  config.change({ connections: plan.connections });
  const token = "t".repeat(43);
  const services = wireServices({ store, sync, trackers, config, home, token, webRoot: home });
  const server = createServer(services, { port: 0 });
  const { port } = await server.start();
  const ask: RealServer["ask"] = (path, request = {}) =>
    sendRequest(port, path, { ...request, headers: { authorization: `Bearer ${token}`, ...request.headers } });
  return {
    emulators,
    port,
    token,
    ask,
    sync: (tracker) => ask(`/api/trackers/${tracker}/sync`, { method: "POST" }),
    async close() {
      await server.stop();
      await services.work.stop();
      await closeMirror();
      await Promise.all(emulators.map((emulator) => emulator.close()));
      await rm(home, { recursive: true });
    },
  };
}
