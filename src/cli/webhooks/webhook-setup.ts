import type { Config } from "../../config/config.ts";
import { createWebhookSecrets, type WebhookSecrets } from "../../config/webhook-secrets.ts";
import type { ConnectionConfig } from "../../domain/credentials.ts";
import { PanopticonError } from "../../domain/error.ts";
import { webhookAddress } from "../../server/webhook-address.ts";
import { createHttpClient } from "../../trackers/http/create-http-client.ts";
import { trackers } from "../../trackers/registry.ts";
import type { Source, TrackerConnection, TrackerDefinition, WebhookReader } from "../../trackers/tracker.ts";
import type { Context } from "../context.ts";
import { loadConfig } from "../load-config.ts";
import { docsPage } from "../printing/docs-page.ts";
import { unknownTracker } from "../unknown-tracker.ts";

/** The intended webhooks of one connection. */
export type WebhookSetup = {
  readonly definition: TrackerDefinition;
  readonly connection: ConnectionConfig;
  readonly reader: WebhookReader;
  /** The address the tracker sends to, including the secret if it is part of it. */
  readonly address: string;
  readonly secret: string;
  /** The sources mirrored through the connection. */
  readonly sources: readonly Source[];
  readonly steps: readonly string[];
  /** Opens the connection; its log masks the credentials and the webhook's secret. */
  open(): TrackerConnection;
};

export type SetupOptions = {
  /** A tracker's or connection's name; undefined: every connection with mirrored sources. */
  readonly name: string | undefined;
  /** Called for each connection before its secret is read, and may replace the secret. */
  readonly prepare?: (connection: string, secrets: WebhookSecrets) => void;
};

/** Throws `unsupported` without a public address, `not_found` for an unknown name or if nothing is mirrored. */
export async function readSetups(context: Context, options: SetupOptions): Promise<readonly WebhookSetup[]> {
  const config = await loadConfig(context, options.name === undefined ? "used" : { usedAnd: options.name });
  // Check the name before the machine's prerequisites.
  const chosen = chooseConnections(config, options.name);
  const { publicUrl } = config.server;
  if (publicUrl === null) throw noPublicAddress(context);
  const secrets = createWebhookSecrets(context.paths.webhooksFile, () => context.clock.now());
  return Promise.all(
    chosen.map((connection) => {
      options.prepare?.(connection.id, secrets);
      return toSetup(context, config, connection, publicUrl, secrets);
    }),
  );
}

function chooseConnections(config: Config, name: string | undefined): readonly ConnectionConfig[] {
  const used = new Set(config.projects.flatMap(({ sources }) => sources.map(({ connection }) => connection)));
  if (name === undefined) {
    const all = config.connections.filter(({ id, missing }) => used.has(id) && missing.length === 0);
    if (all.length > 0) return all;
    throw new PanopticonError("not_found", "Nothing is mirrored yet, so no webhooks are needed.", {
      hint: "Add a project first: pan project add.",
    });
  }
  const named = config.connections.filter(({ id, tracker }) => id === name || tracker === name);
  if (named.length === 0) {
    throw unknownTracker(
      name,
      config.connections.map(({ id }) => id),
    );
  }
  // A tracker's name means all of its connections in use; a connection's name only itself.
  const inUse = named.filter(({ id }) => used.has(id) || id === name);
  return inUse.length > 0 ? inUse : named;
}

async function toSetup(
  context: Context,
  config: Config,
  connection: ConnectionConfig,
  publicUrl: string,
  secrets: WebhookSecrets,
): Promise<WebhookSetup> {
  const definition = trackers.find(({ id }) => id === connection.tracker);
  if (definition === undefined) throw new Error("a connection is one of a known tracker");
  const reader = await definition.webhooks.load();
  const secret = secrets.ensure(connection.id);
  const address = webhookAddress(
    publicUrl,
    definition.id,
    definition.webhooks.secretIn === "address" ? secret : undefined,
  );
  if (address === null) throw noPublicAddress(context);
  const sources = config.projects
    .flatMap((project) => project.sources)
    .filter((source) => source.connection === connection.id)
    .map(({ key }) => ({ key, historyMs: null, nativeId: null }));
  const settings = Object.fromEntries(
    Object.entries(connection.values).filter(([name]) => !definition.http.secretValues.includes(name)),
  );
  return {
    definition,
    connection,
    reader,
    address,
    secret,
    sources,
    steps: reader.steps({ address, secret, settings, sources: sources.map(({ key }) => key) }),
    open() {
      const { client } = createHttpClient({
        policy: definition.http,
        values: connection.values,
        clock: context.clock,
        userAgent: `panopticon/${context.version}`,
        secrets: [secret],
      });
      return definition.connect(client);
    },
  };
}

function noPublicAddress({ paths }: Context): PanopticonError {
  return new PanopticonError("unsupported", "Trackers cannot reach this machine: it has no public address.", {
    hint: `Let a tunnel or proxy forward https://HOST/webhooks/ to this server, and add server: { publicUrl: "https://HOST" } to ${paths.configFile}. ${docsPage("webhooks.md")} shows how.`,
  });
}
