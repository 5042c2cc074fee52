import type { Config, Project } from "../../src/config/config.ts";
import type { ProjectValues } from "../../src/config/edit-projects.ts";
import { checkId } from "../../src/config/projects-shape.ts";
import { PanopticonError } from "../../src/domain/error.ts";
import type { SourceConfig } from "../../src/domain/source.ts";
import { defaultWorkSettings } from "../../src/domain/work-settings.ts";
import type { ConfigAccess } from "../../src/server/services.ts";
import type { TrackerDefinition } from "../../src/trackers/tracker.ts";

export type TestConfig = ConfigAccess & { change(next: Partial<Config>): void };

/** A configuration that tests change directly; its project writers behave like the file-based ones, without files. */
export function createTestConfig(trackers: readonly TrackerDefinition[], projects: readonly Project[]): TestConfig {
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
    async caughtUp() {},
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

/** As in the file: null deletes a key, so that its default applies. */
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

/** `app` mirrors a repository of Alpha and a team of Beta, `site` another repository, whose name is the same as `copy`'s. */
export const testProjects: readonly Project[] = [
  testProject("app", [testSource("alpha", "app", "acme/app"), testSource("beta", "app", "MIN")]),
  testProject("site", [testSource("alpha", "site", "acme/site")]),
  testProject("copy", [testSource("alpha", "copy", "other/site")]),
];
