import { existsSync } from "node:fs";
import { join } from "node:path";
import { makeDataDirectory } from "../config/data-directory.ts";
import packageFile from "../../package.json" with { type: "json" };
import { readDatabaseUrl } from "../config/database-url.ts";
import type { Config } from "../config/config.ts";
import { userHome } from "../config/paths.ts";
import { systemClock } from "../domain/clock.ts";
import type { ConnectionConfig } from "../domain/credentials.ts";
import { isPanopticonError, PanopticonError } from "../domain/error.ts";
import type { App, ComposeApp, OpenMirror, Serving } from "./app.ts";
import { readProcessStat } from "./process-stat.ts";
import { keepSecret, withoutSecrets } from "./secret-guard.ts";

const { version } = packageFile;

/** What every tracker sees of us. */
const userAgent = `panopticon/${version}`;

export const openMirror: OpenMirror = async ({ paths, env }) => {
  const databaseUrl = await readDatabaseUrl(paths, env);
  keepSecret(databaseUrl, passwordOf(databaseUrl));
  if (databaseUrl === null && !existsSync(paths.databaseFile)) return null;
  const { openStore } = await import("../store/open-store.ts");
  try {
    const store = await openStore({ databaseUrl, file: paths.databaseFile, clock: systemClock, readOnly: true });
    return { store, close: () => store.close() };
  } catch (error) {
    // A database that nothing has been written to yet.
    if (isPanopticonError(error) && error.code === "not_found") return null;
    throw error;
  }
};

/** The only place where the concrete parts meet. They are loaded here, so that commands that need none of them start fast. */
export const composeApp: ComposeApp = async ({ paths, env, cwd, timing = { clock: systemClock } }) => {
  const [
    { createRunCommand },
    { watchConfig },
    { addProject, removeProject, sourcesOfAdding, sourcesOfUpdate, updateProject },
    { setCredentials },
    { acquireLock },
    { openStore },
    { createSyncEngine },
    { createHttpClient },
    { validateCredentials },
    { findTracker, trackers },
    { lookForSources },
    { createFindRefs },
    { createChanges },
    { resolveRef },
    { toRefContext },
    { composeWork },
    { composeDispatch },
    { createWebhookInbox },
    { createWebhookSecrets },
  ] = await Promise.all([
    import("../config/run-command.ts"),
    import("../config/watch-config.ts"),
    import("../config/edit-projects.ts"),
    import("../config/edit-credentials.ts"),
    import("../store/lock.ts"),
    import("../store/open-store.ts"),
    import("../sync/engine.ts"),
    import("../trackers/http/create-http-client.ts"),
    import("../trackers/validate.ts"),
    import("../trackers/registry.ts"),
    import("../trackers/look-for-sources.ts"),
    import("../trackers/find-refs.ts"),
    import("../changes/create-changes.ts"),
    import("../server/resolve-ref.ts"),
    import("../server/ref-context.ts"),
    import("./work/compose-work.ts"),
    import("./work/compose-dispatch.ts"),
    import("../sync/webhooks/inbox.ts"),
    import("../config/webhook-secrets.ts"),
  ]);
  const { clock, random = Math.random, deadlineMs } = timing;
  // What was opened is closed in the opposite order, also when a later part fails to open.
  const closers: (() => Promise<void> | void)[] = [];
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => {
    closing ??= (async () => {
      for (const closer of closers.toReversed()) await closer();
    })();
    return closing;
  };

  function getTracker(id: string) {
    const tracker = findTracker(id);
    if (tracker !== undefined) return tracker;
    throw new PanopticonError("invalid_input", `There is no tracker called ${id}.`, {
      hint: `The trackers are: ${trackers.map((known) => known.id).join(", ")}.`,
    });
  }

  function open(connection: ConnectionConfig) {
    const tracker = getTracker(connection.tracker);
    keepSecret(...tracker.http.secretValues.map((name) => connection.values[name]));
    const { client, monitor } = createHttpClient({
      policy: tracker.http,
      values: connection.values,
      clock,
      userAgent,
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
    });
    return {
      connection: tracker.connect(client),
      monitor,
      server: client.baseUrl,
      writing: tracker.writing,
      serverAheadMs: () => client.serverNow() - clock.now(),
    };
  }

  try {
    makeDataDirectory(paths.home);
    const databaseUrl = await readDatabaseUrl(paths, env);
    keepSecret(databaseUrl, passwordOf(databaseUrl));
    const { promise: lost, resolve: onLost } = Promise.withResolvers<PanopticonError>();
    const lock = await acquireLock({ databaseUrl, file: paths.lockFile, onLost });
    closers.push(() => lock.release());
    const store = await openStore({
      databaseUrl,
      file: paths.databaseFile,
      clock,
      findRefs: createFindRefs(trackers),
    });
    closers.push(() => store.close());
    const sync = createSyncEngine({ store, clock, random, open });
    closers.push(() => sync.stop());
    const watched = await watchConfig({ paths, env, cwd, trackers, runCommand: createRunCommand(env) });
    closers.push(() => watched.close());

    const listeners = new Set<(config: Config) => void>();
    let applied: Promise<void> = Promise.resolve();
    /** One configuration after the other; listeners hear of it when it is in force. */
    const apply = (config: Config): Promise<void> => {
      const before = applied;
      applied = (async () => {
        await Promise.allSettled([before]);
        const wanted = config.projects.flatMap((project) => project.sources);
        // A projects.yaml that says nothing for its mistakes must not empty the board: what is mirrored goes on.
        const unreadable =
          wanted.length === 0 &&
          config.problems.some(({ file, severity }) => severity === "error" && file === paths.projectsFile);
        await sync.configure({
          connections: config.connections,
          sources: unreadable ? (await store.sources.list()).map((row) => row.config) : wanted,
          minIntervalMs: config.sync.minIntervalMs,
        });
        for (const listener of listeners) listener(config);
      })();
      return applied;
    };
    await apply(watched.current());
    closers.push(
      watched.on((config) => {
        // The next change of the files tries again; until then what was in force stays.
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

    const look = (sources: Parameters<typeof lookForSources>[0]) =>
      lookForSources(sources, { trackers, connections: watched.current().connections, clock, userAgent });

    const changes = createChanges({
      store,
      sync,
      trackers,
      clock,
      resolve: (ref) => resolveRef(ref, toRefContext({ trackers, store, sync })),
    });
    const secrets = createWebhookSecrets(paths.webhooksFile, () => clock.now());
    const inbox = createWebhookInbox({
      trackers,
      sync,
      connections: () => watched.current().connections,
      secrets(connection) {
        const accepted = secrets.accepted(connection);
        keepSecret(...accepted);
        return accepted;
      },
    });
    const work = composeWork({ paths, env, store, sync, changes, trackers, config: () => watched.current() });
    closers.push(() => work.stop());
    const dispatch = composeDispatch({ paths, store, sync, work, config: () => watched.current() });
    closers.push(() => dispatch.stop());
    const app: App = {
      trackers,
      store,
      sync,
      changes,
      work,
      dispatch,
      config: {
        current: () => watched.current(),
        on(listener) {
          listeners.add(listener);
          return () => listeners.delete(listener);
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
          const tracker = getTracker(connection?.tracker ?? id);
          return rewrite(() => setCredentials(values, { tracker, connection, envFile: paths.envFile }));
        },
      },
      validate: (tracker, values, signal) =>
        validateCredentials(getTracker(tracker), values, { clock, userAgent, signal }),
      serve: async ({ host, port }): Promise<Serving> => {
        const [{ default: pino }, { createServer }, { readOrCreateToken }, { removeServerFile, writeServerFile }] =
          await Promise.all([
            import("pino"),
            import("../server/server.ts"),
            import("../server/session.ts"),
            import("../server/server-file.ts"),
          ]);
        const token = await readOrCreateToken(paths.tokenFile);
        keepSecret(token);
        const server = createServer(
          {
            store,
            sync,
            changes,
            work,
            dispatch,
            config: app.config,
            trackers,
            validate: app.validate,
            webhooks: { ...inbox, isReady: (connection) => secrets.find(connection) !== null },
            clock,
            version,
            token,
            webRoot: findWebRoot(),
            log: pino(
              { level: env.LOG_LEVEL ?? "warn" },
              { write: (line) => process.stderr.write(withoutSecrets(line)) },
            ),
          },
          { host, port },
        );
        const started = await server.start();
        closers.push(() => server.stop());
        const begin = readProcessStat(process.pid)?.begin;
        await writeServerFile(paths.serverFile, { pid: process.pid, url: started.url, token, version, begin });
        closers.push(() => removeServerFile(paths.serverFile, process.pid));
        sync.start();
        await work.start();
        dispatch.start();
        return { ...started, address: server.address(), openAddress: () => server.openAddress() };
      },
      lost,
      close,
    };
    return app;
  } catch (error) {
    await close();
    throw error;
  }
};

/** The password in a database's address, as it is meant; null: there is none. */
function passwordOf(databaseUrl: string | null): string | null {
  const password = databaseUrl === null ? undefined : URL.parse(databaseUrl)?.password;
  if (password === undefined || password === "") return null;
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}

/** The built dashboard: beside the bundle, or in dist/ of a checkout. */
function findWebRoot(): string {
  const places = [join(import.meta.dirname, "web"), join(import.meta.dirname, "..", "..", "dist", "web")];
  const found = places.find((place) => existsSync(join(place, "index.html")));
  if (found !== undefined) return found;
  throw new PanopticonError("internal", "The dashboard's files are missing from this installation.", {
    hint: "In a checkout: npm run build. Otherwise install Panopticon again.",
  });
}
