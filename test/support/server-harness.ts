import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Project } from "../../src/config/config.ts";
import { createServer, type PanopticonServer } from "../../src/server/server.ts";
import type { Services } from "../../src/server/services.ts";
import { readOrCreateToken } from "../../src/server/access/session.ts";
import type { Store } from "../../src/store/store.ts";
import type { TrackerDefinition } from "../../src/trackers/tracker.ts";
import { openTestStore } from "./open-test-store.ts";
import { createScriptedSync, type ScriptedSync } from "./scripted-sync.ts";
import { sendRequest, type SentAnswer, type SentRequest } from "./send-request.ts";
import { createTestConfig, type TestConfig, testProjects } from "./test-config.ts";
import { alpha, beta } from "./test-trackers.ts";
import { wireServices } from "./wire-services.ts";

export type ServerHarness = {
  readonly server: PanopticonServer;
  readonly services: Services;
  readonly port: number;
  readonly url: string;
  readonly token: string;
  readonly folder: string;
  readonly webRoot: string;
  readonly store: Store;
  readonly sync: ScriptedSync;
  readonly config: TestConfig;
  /** Unchanged, without a session. */
  send(path: string, options?: SentRequest): Promise<SentAnswer>;
  /** With the token, as a program. */
  ask(path: string, options?: SentRequest): Promise<SentAnswer>;
  close(): Promise<void>;
};

export type HarnessOptions = {
  readonly trackers?: readonly TrackerDefinition[];
  readonly projects?: readonly Project[];
  readonly validate?: Services["validate"];
  readonly port?: number;
  readonly heartbeatMs?: number;
  readonly webRoot?: string;
  /** Fills the store before the server starts. */
  readonly prepare?: (store: Store) => Promise<void>;
};

/** A real server on a free port, over a real store in its own folder. Only the sync engine and the configuration files are fakes. */
export async function startServerHarness(options: HarnessOptions = {}): Promise<ServerHarness> {
  const folder = await mkdtemp(join(tmpdir(), "panopticon-server-"));
  const webRoot = options.webRoot ?? join(folder, "web");
  await mkdir(webRoot, { recursive: true });
  const store = await openTestStore(join(folder, "panopticon.db"));
  const sync = createScriptedSync();
  const { trackers = [alpha, beta], projects = testProjects } = options;
  await store.sources.reconcile(projects.flatMap((project) => project.sources));
  await options.prepare?.(store);
  const config = createTestConfig(trackers, projects);
  const token = await readOrCreateToken(join(folder, "token"));
  const services: Services = {
    ...wireServices({ store, sync, trackers, config, home: folder, token, webRoot }),
    ...(options.validate && { validate: options.validate }),
  };
  const server = createServer(services, { port: options.port ?? 0, heartbeatMs: options.heartbeatMs });
  const { port, url } = await server.start();
  return {
    server,
    services,
    port,
    url,
    token,
    folder,
    webRoot,
    store,
    sync,
    config,
    send: (path, request) => sendRequest(port, path, request),
    ask: (path, request = {}) =>
      sendRequest(port, path, { ...request, headers: { authorization: `Bearer ${token}`, ...request.headers } }),
    async close() {
      await server.stop();
      await services.work.stop();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
