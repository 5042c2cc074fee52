import type { Config } from "../../config/config.ts";
import { findCredentialPlace } from "../../config/credential-place.ts";
import type { ConnectionConfig, CredentialField, CredentialOrigin } from "../../domain/credentials.ts";
import { isPanopticonError, type PanopticonError } from "../../domain/error.ts";
import type { SourceRow } from "../../store/sources/source-row.ts";
import type { ConnectionStatus } from "../../sync/sync-engine.ts";
import type { TrackerDefinition, WritingCapabilities } from "../../trackers/tracker.ts";
import { clockWarning } from "./clock-warning.ts";
import type { TrackerShape, TrackersShape } from "../contract/tracker.ts";
import type { WebhooksShape } from "../contract/webhook.ts";
import { toNullableTime } from "./issue-shape.ts";
import type { Services } from "../services.ts";
import { webhookAddress } from "../webhook-address.ts";

export type TrackersInput = {
  readonly trackers: readonly TrackerDefinition[];
  readonly config: Config;
  readonly statuses: readonly ConnectionStatus[];
  readonly sources: readonly SourceRow[];
  /** Received deliveries; absent while no server runs. */
  readonly webhooks?: Pick<Services["webhooks"], "stats" | "isReady"> | undefined;
};

/** Every connection of every known tracker, including trackers that are not set up. Contains no secrets. */
export function toTrackersShape(input: TrackersInput): Omit<TrackersShape, "keptMoves"> {
  const trackers = input.trackers.flatMap((definition) => {
    const connections = input.config.connections.filter((connection) => connection.tracker === definition.id);
    const shown: readonly (ConnectionConfig | undefined)[] = connections.length === 0 ? [undefined] : connections;
    return shown.map((connection) => toTrackerShape(definition, connection, input));
  });
  return { trackers, problems: input.config.problems.map((problem) => ({ ...problem })) };
}

function toTrackerShape(
  definition: TrackerDefinition,
  connection: ConnectionConfig | undefined,
  input: TrackersInput,
): TrackerShape {
  const id = connection?.id ?? definition.id;
  const status = input.statuses.find((candidate) => candidate.connection === id);
  const sources = input.sources.filter((source) => source.config.connection === id);
  const { account, budget } = status ?? { account: null, budget: null };
  return {
    id: definition.id,
    label: definition.label,
    connection: id,
    sourceNoun: { one: definition.sourceNoun.one, many: definition.sourceNoun.many },
    sourceKeys: definition.sourceKeys.map(({ key, label, plural, placeholder, qualifier }) => ({
      key,
      label,
      plural,
      placeholder,
      qualifier: qualifier?.key ?? null,
    })),
    server: status?.server ?? null,
    health: status?.health ?? "not_configured",
    account:
      account === null
        ? null
        : {
            login: account.login,
            name: account.name,
            scopes: account.scopes === null ? null : [...account.scopes],
            missing: [...account.missing],
          },
    budget:
      budget === null
        ? null
        : { limit: budget.limit, remaining: budget.remaining, resetAt: toNullableTime(budget.resetAt) },
    requests: status?.requests ?? 0,
    lastSyncAt: toNullableTime(status?.lastSyncAt ?? null),
    nextSyncAt: toNullableTime(status?.nextSyncAt ?? null),
    error: status?.error == null ? null : toProblemNote(status.error),
    warnings: findWarnings(definition.label, status, sources),
    progress: status?.progress == null ? null : { done: status.progress.done, total: status.progress.total },
    fileHosts: connection === undefined || connection.missing.length > 0 ? [] : toFileHosts(definition, connection),
    webhooks: toWebhooks(definition.id, id, status, input),
    capabilities: { ...definition.capabilities },
    writing: toWriting(definition.writing),
    // Missing credentials of a named connection have the names that config.yaml gives them.
    credentials: definition.credentialFields.map((field) =>
      toCredentialShape(connection?.missing.find(({ name }) => name === field.name) ?? field, connection),
    ),
    sources: sources.map(toSourceShape),
  };
}

function toWebhooks(
  tracker: string,
  connection: string,
  status: ConnectionStatus | undefined,
  { config, webhooks }: TrackersInput,
): WebhooksShape {
  const address = webhookAddress(config.server.publicUrl, tracker);
  const stats = webhooks?.stats(connection);
  const isOn = address !== null && webhooks?.isReady(connection) === true;
  const refusal = stats?.lastRefusal;
  return {
    address,
    state: isOn ? (status?.webhooks?.state ?? "waiting") : "off",
    deliveries: stats?.accepted ?? 0,
    repeated: stats?.repeated ?? 0,
    lastDeliveryAt: toNullableTime(stats?.lastAt ?? null),
    refused: stats?.refused ?? 0,
    lastRefusal: refusal == null ? null : { at: new Date(refusal.at).toISOString(), reason: refusal.proof },
  };
}

function findWarnings(
  label: string,
  status: ConnectionStatus | undefined,
  sources: readonly SourceRow[],
): TrackerShape["warnings"] {
  const rights = (status?.account?.missing ?? []).map((message) => ({ code: "forbidden", message, hint: null }));
  const clock = clockWarning(label, status?.serverAheadMs ?? 0);
  return [...rights, ...(clock === null ? [] : [{ code: "invalid_input", ...clock }]), ...sourceWarnings(sources)];
}

/** Reports a warning once if it applies to every source of a connection; otherwise it names its source, because the others are fine. */
function sourceWarnings(sources: readonly SourceRow[]): TrackerShape["warnings"] {
  const all = sources.flatMap(({ config, info, sync }) =>
    sync.warnings.map(({ code, message, hint }) => ({ code, message, hint, source: info?.name ?? config.key })),
  );
  return [...Map.groupBy(all, ({ message }) => message).values()].flatMap((same) =>
    (same.length === sources.length ? same.slice(0, 1) : same).map(({ source, message, ...rest }) => ({
      ...rest,
      message: same.length === sources.length ? message : `${source}: ${message}`,
    })),
  );
}

/** Empty for an invalid server address, which is reported as the connection's error. */
function toFileHosts(definition: TrackerDefinition, connection: ConnectionConfig): TrackerShape["fileHosts"] {
  try {
    return definition.http
      .fileHosts(connection.values)
      .map(({ origin, path = "/", login }) => ({ origin, path, login }));
  } catch (error) {
    if (isPanopticonError(error) && error.code === "invalid_input") return [];
    throw error;
  }
}

function toSourceShape(source: SourceRow): TrackerShape["sources"][number] {
  const { error } = source.sync;
  return {
    id: source.config.id,
    name: source.info?.name ?? source.config.key,
    project: source.config.project,
    issues: source.issues,
    rejected: source.rejected,
    lastSyncAt: toNullableTime(source.sync.lastCompleteAt),
    error: error === null ? null : { code: error.code, message: error.message, hint: error.hint },
  };
}

function toCredentialShape(
  field: CredentialField,
  connection: ConnectionConfig | undefined,
): TrackerShape["credentials"][number] {
  const origin = connection?.origins[field.name];
  const place = findCredentialPlace(field, connection);
  return {
    name: field.name,
    label: field.label,
    env: [...field.env],
    secret: field.secret,
    required: field.required,
    present: (connection?.values[field.name] ?? "") !== "",
    origin: origin === undefined ? null : describeOrigin(origin),
    stored: origin?.kind === "file",
    value: field.secret ? null : shownValue(connection?.values[field.name]),
    key: place.key,
    locked: place.locked,
    help: field.help,
    placeholder: field.placeholder ?? null,
    fallback: field.fallback?.label ?? null,
  };
}

/** A URL may contain a password; then all of it is hidden. */
function shownValue(value: string | undefined): string | null {
  if (value === undefined) return null;
  const { username = "", password = "" } = URL.parse(value) ?? {};
  return username === "" && password === "" ? value : null;
}

function describeOrigin(origin: CredentialOrigin): string {
  switch (origin.kind) {
    case "environment":
      return `${origin.key} in the environment`;
    case "file":
      return `${origin.key} in ${origin.path}`;
    case "program-file":
      return `${origin.label}, ${origin.path}`;
    case "command":
      return origin.label;
    case "config":
      return origin.path;
    case "default":
      return "default";
  }
}

function toProblemNote(error: PanopticonError): { code: string; message: string; hint: string | null } {
  return { code: error.code, message: error.message, hint: error.hint ?? null };
}

function toWriting({ concurrency: _concurrency, lagMs: _lagMs, relations, ...writing }: WritingCapabilities) {
  return { ...writing, relations: [...relations] };
}
