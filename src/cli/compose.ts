import packageFile from "../../package.json" with { type: "json" };
import { createChanges } from "../changes/create-changes.ts";
import { makeDataDirectory } from "../config/data-directory.ts";
import { readDatabaseUrl } from "../config/database-url.ts";
import { createRunCommand } from "../config/run-command.ts";
import { watchConfig } from "../config/watch-config.ts";
import { createWebhookSecrets } from "../config/webhook-secrets.ts";
import { systemClock } from "../domain/clock.ts";
import type { PanopticonError } from "../domain/error.ts";
import { toRefContext } from "../server/find/ref-context.ts";
import { resolveRef } from "../server/find/resolve-ref.ts";
import { acquireLock } from "../store/lock.ts";
import { openStore } from "../store/open-store.ts";
import { createSyncEngine } from "../sync/engine.ts";
import { createWebhookInbox } from "../sync/webhooks/inbox.ts";
import { createFindRefs } from "../trackers/find-refs.ts";
import { trackers } from "../trackers/registry.ts";
import type { App, ComposeApp } from "./app.ts";
import { composeConfig } from "./compose-config.ts";
import { composeTrackers } from "./compose-trackers.ts";
import { secretsOf } from "./database-secrets.ts";
import { noteOlderMirror } from "./printing/note-older-mirror.ts";
import { keepSecret } from "./secret-guard.ts";
import { composeDispatch } from "./work/compose-dispatch.ts";
import { composeWork } from "./work/compose-work.ts";

const { version } = packageFile;

/** The composition root, where all parts meet. It loads nearly everything, so callers that may not need it import it lazily. */
export const composeApp: ComposeApp = async (options) => {
  // Close in reverse order, also if a later part fails to open.
  const closers: (() => Promise<void> | void)[] = [];
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => {
    closing ??= (async () => {
      for (const closer of closers.toReversed()) await closer();
    })();
    return closing;
  };
  try {
    return { ...(await openParts(options, (closer) => void closers.push(closer))), close };
  } catch (error) {
    await close();
    throw error;
  }
};

async function openParts(
  { paths, env, cwd, out, programs = "all", timing = { clock: systemClock } }: Parameters<ComposeApp>[0],
  onClose: (close: () => Promise<void> | void) => void,
): Promise<Omit<App, "close">> {
  const { clock, random = Math.random, deadlineMs } = timing;
  makeDataDirectory(paths.home);
  const databaseUrl = await readDatabaseUrl(paths, env);
  keepSecret(...secretsOf(databaseUrl));
  const { promise: lost, resolve: onLost } = Promise.withResolvers<PanopticonError>();
  const lock = await acquireLock({ databaseUrl, file: paths.lockFile, onLost });
  onClose(() => lock.release());
  // Credential helpers (`gh`) take as long as opening the mirror, so run them concurrently.
  const watching = watchConfig({ paths, env, cwd, trackers, runCommand: createRunCommand(env), programs });
  onClose(async () => (await watching).close());
  // Avoids an unhandled rejection; the error is thrown where `watching` is awaited.
  watching.catch(() => undefined);
  const findRefs = createFindRefs(trackers);
  const onOlder = () => out && noteOlderMirror(out);
  const store = await openStore({ databaseUrl, file: paths.databaseFile, clock, findRefs, onOlder });
  onClose(() => store.close());
  const reached = composeTrackers({ clock, userAgent: `panopticon/${version}`, deadlineMs });
  const sync = createSyncEngine({ store, clock, random, open: reached.open });
  onClose(() => sync.stop());
  const config = await composeConfig({ paths, env, watched: await watching, store, sync, reached, onClose });

  const resolve = (ref: string) => resolveRef(ref, toRefContext({ trackers, store, sync }));
  const changes = createChanges({ store, sync, trackers, clock, resolve });
  const secrets = createWebhookSecrets(paths.webhooksFile, () => clock.now());
  const inbox = createWebhookInbox({
    trackers,
    sync,
    connections: () => config.current().connections,
    secrets(connection) {
      const accepted = secrets.accepted(connection);
      keepSecret(...accepted);
      return accepted;
    },
  });
  const work = composeWork({ paths, env, store, sync, changes, trackers, config: config.current });
  onClose(() => work.stop());
  const dispatch = composeDispatch({ paths, store, sync, work, config: config.current });
  onClose(() => dispatch.stop());

  const { validate } = reached;
  const parts = { trackers, store, sync, changes, work, dispatch, config, validate };
  return {
    ...parts,
    lost,
    async serve(at) {
      const { listen } = await import("./compose-server.ts");
      const webhooks = { ...inbox, isReady: (connection: string) => secrets.find(connection) !== null };
      const serving = await listen({ paths, env, onClose, services: { ...parts, webhooks, clock, version } }, at);
      sync.start();
      await work.start();
      dispatch.start();
      return serving;
    },
  };
}
