import { join } from "node:path";
import { pino } from "pino";
import { createChanges } from "../../src/changes/create-changes.ts";
import { composeDispatch } from "../../src/cli/work/compose-dispatch.ts";
import { composeWork } from "../../src/cli/work/compose-work.ts";
import { systemClock } from "../../src/domain/clock.ts";
import { toRefContext } from "../../src/server/find/ref-context.ts";
import { resolveRef } from "../../src/server/find/resolve-ref.ts";
import type { ConfigAccess, Services } from "../../src/server/services.ts";
import type { Store } from "../../src/store/store.ts";
import type { SyncEngine } from "../../src/sync/sync-engine.ts";
import { createWebhookInbox } from "../../src/sync/webhooks/inbox.ts";
import type { TrackerDefinition } from "../../src/trackers/tracker.ts";
import { validateCredentials } from "../../src/trackers/validate.ts";

/** A server's services over a mirror, wired as in `pan up`. Each connection has the webhook secret `ID-secret`. */
export function wireServices(parts: {
  readonly store: Store;
  readonly sync: SyncEngine;
  readonly trackers: readonly TrackerDefinition[];
  readonly config: ConfigAccess;
  /** Panopticon's folder. */
  readonly home: string;
  readonly token: string;
  readonly webRoot: string;
}): Services {
  const { store, sync, trackers, config, home, token, webRoot } = parts;
  const changes = createChanges({
    store,
    sync,
    trackers,
    clock: systemClock,
    resolve: (ref) => resolveRef(ref, toRefContext({ trackers, store, sync })),
  });
  const work = composeWork({
    paths: { home },
    env: process.env,
    store,
    sync,
    changes,
    trackers,
    config: config.current,
  });
  const paths = { projectsFile: join(home, "projects.yaml") };
  return {
    store,
    sync,
    changes,
    work,
    dispatch: composeDispatch({ paths, store, sync, work, config: config.current }),
    config,
    trackers,
    validate(tracker, values, signal) {
      const definition = trackers.find((known) => known.id === tracker);
      if (definition === undefined) throw new Error(`no tracker ${tracker}`);
      return validateCredentials(definition, values, { clock: systemClock, userAgent: "panopticon-test", signal });
    },
    webhooks: {
      ...createWebhookInbox({
        trackers,
        sync,
        connections: () => config.current().connections,
        secrets: (connection) => [`${connection}-secret`],
      }),
      isReady: () => true,
    },
    paths: { home, envFile: join(home, ".env") },
    clock: systemClock,
    version: "1.2.3",
    token,
    webRoot,
    log: pino({ level: "silent" }),
  };
}
