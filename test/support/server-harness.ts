import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import type { Config, Project } from "../../src/config/config.ts";
import type { ProjectValues } from "../../src/config/edit-projects.ts";
import { checkId } from "../../src/config/projects-shape.ts";
import { systemClock } from "../../src/domain/clock.ts";
import { PanopticonError } from "../../src/domain/error.ts";
import type { SourceConfig } from "../../src/domain/source.ts";
import { defaultWorkSettings } from "../../src/domain/work-settings.ts";
import { composeDispatch } from "../../src/cli/work/compose-dispatch.ts";
import { composeWork } from "../../src/cli/work/compose-work.ts";
import { createChanges } from "../../src/changes/create-changes.ts";
import { resolveRef } from "../../src/server/find/resolve-ref.ts";
import { createServer, type PanopticonServer } from "../../src/server/server.ts";
import type { ConfigAccess, Services } from "../../src/server/services.ts";
import { readOrCreateToken } from "../../src/server/access/session.ts";
import type { Store } from "../../src/store/store.ts";
import { createWebhookInbox } from "../../src/sync/webhooks/inbox.ts";
import type { TrackerDefinition } from "../../src/trackers/tracker.ts";
import { validateCredentials } from "../../src/trackers/validate.ts";
import { openTestStore } from "./open-test-store.ts";
import { createScriptedSync, type ScriptedSync } from "./scripted-sync.ts";
import { sendRequest, type SentAnswer, type SentRequest } from "./send-request.ts";
import { alpha, beta } from "./test-trackers.ts";

export type TestConfig = ConfigAccess & { change(next: Partial<Config>): void };

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
  /** As it is, with no session. */
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

/** A real server on a free port, over a real store in a folder of its own. Only the sync engine and the configuration files are not there. */
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
  const changes = createChanges({
    store,
    sync,
    trackers,
    clock: systemClock,
    resolve: (ref) => resolveRef(ref, { trackers, board: store.board }),
  });
  const work = composeWork({
    paths: { home: folder },
    env: process.env,
    store,
    sync,
    changes,
    trackers,
    config: () => config.current(),
  });
  const services: Services = {
    store,
    sync,
    changes,
    work,
    dispatch: composeDispatch({
      paths: { projectsFile: join(folder, "projects.yaml") },
      store,
      sync,
      work,
      config: () => config.current(),
    }),
    config,
    trackers,
    validate:
      options.validate ??
      ((tracker, values, signal) => {
        const definition = trackers.find((known) => known.id === tracker);
        if (definition === undefined) throw new Error(`no tracker ${tracker}`);
        return validateCredentials(definition, values, { clock: systemClock, userAgent: "panopticon-test", signal });
      }),
    webhooks: {
      ...createWebhookInbox({
        trackers,
        sync,
        connections: () => config.current().connections,
        secrets: (connection) => [`${connection}-secret`],
      }),
      isReady: () => true,
    },
    clock: systemClock,
    version: "1.2.3",
    token,
    webRoot,
    log: pino({ level: "silent" }),
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
      await work.stop();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A configuration that tests change themselves; its project writers do what those of the files do, without the files. */
function createTestConfig(trackers: readonly TrackerDefinition[], projects: readonly Project[]): TestConfig {
  const listeners = new Set<(config: Config) => void>();
  let config: Config = {
    projects,
    connections: trackers.map((tracker) => ({
      id: tracker.id,
      tracker: tracker.id,
      values: { token: "stored-secret", server: `https://${tracker.id}.example` },
      origins: {
        token: { kind: "environment", key: `${tracker.id.toUpperCase()}_TOKEN` },
        server: { kind: "default" },
      },
      missing: [],
    })),
    server: { host: "127.0.0.1", port: 3011, publicUrl: null },
    databaseUrl: null,
    sync: { minIntervalMs: null },
    agents: {},
    mcp: { reach: "linked" },
    dispatch: null,
    problems: [],
  };
  const change = (next: Partial<Config>): void => {
    config = { ...config, ...next };
    for (const listener of listeners) listener(config);
  };
  return {
    change,
    current: () => config,
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async addProject(id, keys) {
      const wrong = checkId(id);
      if (wrong !== null) throw new PanopticonError("invalid_input", `"${id}" ${wrong}.`, { field: "id" });
      if (config.projects.some((project) => project.id === id)) {
        throw new PanopticonError("conflict", `There is already a project called “${id}”.`);
      }
      change({ projects: [...config.projects, withKeys(testProject(id, []), keys)] });
      return [];
    },
    async updateProject(id, keys) {
      change({ projects: config.projects.map((project) => (project.id === id ? withKeys(project, keys) : project)) });
      return [];
    },
    async setCredentials(id, values) {
      change({
        connections: config.connections.map((connection) => {
          if (connection.id !== id) return connection;
          const kept = Object.entries({ ...connection.values, ...values }).filter(([, value]) => value !== null);
          return { ...connection, values: Object.fromEntries(kept) as Record<string, string> };
        }),
      });
    },
    async removeProject(id) {
      change({ projects: config.projects.filter((project) => project.id !== id) });
    },
  };
}

/** As in the file: null takes a key out, and what stands without it counts then. */
function withKeys(project: Project, keys: ProjectValues): Project {
  const without = Object.entries(testProject(project.id, []));
  const taken = without.filter(([key]) => keys[key] === null);
  const given = Object.entries(keys).filter(([, value]) => value != null);
  return { ...project, ...Object.fromEntries([...taken, ...given]) };
}

function testSource(tracker: string, project: string, key: string): SourceConfig {
  return {
    id: `${tracker}:${key}`,
    tracker,
    connection: tracker,
    project,
    projectName: project,
    key,
    refPrefix: key.includes("/") ? (key.split("/").at(-1) ?? "") : "",
    historyMs: 90 * 86_400_000,
    stateOverrides: {},
    shadow: false,
  };
}

export function testProject(id: string, sources: readonly SourceConfig[]): Project {
  return {
    id,
    name: id,
    path: null,
    sources,
    issuePrefix: null,
    defaultBranch: "main",
    agent: null,
    shadow: false,
    history: "90d",
    work: defaultWorkSettings,
  };
}

/** `app` mirrors a repository of Alpha and a team of Beta, `site` another repository whose last word is the same as `copy`'s. */
export const testProjects: readonly Project[] = [
  testProject("app", [testSource("alpha", "app", "acme/app"), testSource("beta", "app", "MIN")]),
  testProject("site", [testSource("alpha", "site", "acme/site")]),
  testProject("copy", [testSource("alpha", "copy", "other/site")]),
];
