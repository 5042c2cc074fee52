import type { Config } from "../config/config.ts";
import { setCredentials } from "../config/edit-credentials.ts";
import { addProject, removeProject, sourcesOfAdding, sourcesOfUpdate, updateProject } from "../config/edit-projects.ts";
import { userHome } from "../config/paths.ts";
import type { WatchedConfig } from "../config/watch-config.ts";
import type { ConfigAccess } from "../server/services.ts";
import type { Store } from "../store/store.ts";
import type { SyncEngine } from "../sync/sync-engine.ts";
import { trackers } from "../trackers/registry.ts";
import type { Surroundings } from "./app.ts";
import type { ReachedTrackers } from "./compose-trackers.ts";
import { withoutSecrets } from "./secret-guard.ts";

export type ComposeConfigOptions = Pick<Surroundings, "paths" | "env"> & {
  readonly watched: WatchedConfig;
  readonly store: Store;
  readonly sync: Pick<SyncEngine, "configure">;
  readonly reached: ReachedTrackers;
  /** Receives a function to call on shutdown, as soon as there is something to close. */
  readonly onClose: (close: () => void) => void;
};

/**
 * Applies the configuration: watches the files, passes each change to the sync engine and then to the listeners, and writes the user's edits to the files.
 * Resolves once the current configuration is in effect.
 */
export async function composeConfig(options: ComposeConfigOptions): Promise<ConfigAccess> {
  const { paths, env, watched, store, sync, reached, onClose } = options;

  const listeners = new Set<(config: Config) => void>();
  let applied: Promise<void> = Promise.resolve();
  /** Applies one configuration at a time; listeners are notified once it is in effect. */
  const apply = (config: Config): Promise<void> => {
    const before = applied;
    applied = (async () => {
      await Promise.allSettled([before]);
      await sync.configure({
        connections: config.connections,
        sources: await sourcesOf(config, paths.projectsFile, store),
        minIntervalMs: config.sync.minIntervalMs,
      });
      for (const listener of listeners) listener(config);
    })();
    return applied;
  };
  await apply(watched.current());
  onClose(
    watched.on((config) => {
      // The previous configuration stays in effect; the next change of the files tries again.
      void apply(config).catch((error: unknown) =>
        process.emitWarning(withoutSecrets(error instanceof Error ? error.message : String(error))),
      );
    }),
  );

  const rewrite = async (write: () => void): Promise<void> => {
    write();
    await watched.reload();
    await applied;
  };
  const projectsFile = () => ({
    projectsFile: paths.projectsFile,
    trackers,
    surroundings: {
      connections: watched.current().connections,
      userHome: userHome(env),
      configFile: paths.configFile,
    },
  });
  const look = (sources: Parameters<ReachedTrackers["look"]>[0]) =>
    reached.look(sources, watched.current().connections);

  return {
    current: () => watched.current(),
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async caughtUp() {
      await watched.caughtUp();
      await applied.catch(() => undefined);
    },
    async addProject(id, keys) {
      const unchecked = await look(sourcesOfAdding(id, keys, projectsFile()));
      await rewrite(() => addProject(id, keys, projectsFile()));
      return unchecked;
    },
    async updateProject(id, keys) {
      const unchecked = await look(sourcesOfUpdate(id, keys, projectsFile()));
      await rewrite(() => updateProject(id, keys, projectsFile()));
      return unchecked;
    },
    removeProject: (id) => rewrite(() => removeProject(id, projectsFile())),
    setCredentials: (id, values) => {
      const connection = watched.current().connections.find((known) => known.id === id);
      const tracker = reached.get(connection?.tracker ?? id);
      return rewrite(() => setCredentials(values, { tracker, connection, envFile: paths.envFile }));
    },
  };
}

/** The sources to mirror. An invalid projects.yaml must not empty the board, so mirrored sources are kept. */
async function sourcesOf({ projects, problems }: Config, projectsFile: string, store: Store) {
  const wanted = projects.flatMap((project) => project.sources);
  const isUnreadable =
    wanted.length === 0 && problems.some(({ file, severity }) => severity === "error" && file === projectsFile);
  return isUnreadable ? (await store.sources.list()).map((row) => row.config) : wanted;
}
