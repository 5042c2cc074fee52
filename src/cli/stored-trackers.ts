import type { ConnectionConfig } from "../domain/credentials.ts";
import { PanopticonError, errorCodes } from "../domain/error.ts";
import type { TrackersShape } from "../server/contract/tracker.ts";
import { toTrackersShape } from "../server/tracker-shape.ts";
import type { SourceRow, SourceStore } from "../store/store.ts";
import { healthOf } from "../sync/health.ts";
import { missingCredentials } from "../sync/missing-credentials.ts";
import type { ConnectionStatus } from "../sync/sync-engine.ts";
import { trackers } from "../trackers/registry.ts";
import type { Surroundings } from "./app.ts";
import { loadConfig } from "./load-config.ts";

type Accounts = Awaited<ReturnType<SourceStore["accounts"]>>;

/** How the trackers stood when they were last asked: what `GET /api/trackers` answers, while no server runs. */
export async function describeTrackers(
  surroundings: Surroundings,
  sources: readonly SourceRow[],
  accounts: Accounts,
): Promise<TrackersShape> {
  const config = await loadConfig(surroundings);
  const statuses = config.connections.map((connection) => toStatus(connection, sources, accounts));
  return toTrackersShape({ trackers, config, statuses, sources });
}

function toStatus(connection: ConnectionConfig, all: readonly SourceRow[], accounts: Accounts): ConnectionStatus {
  const sources = all.filter(({ config }) => config.connection === connection.id);
  const failed = sources.find(({ sync }) => sync.error !== null)?.sync.error;
  const lacking = connection.missing.length > 0;
  const error =
    lacking && sources.length > 0 ? missingCredentials(connection) : failed == null ? null : toError(failed);
  const account = Object.hasOwn(accounts, connection.id) ? accounts[connection.id] : undefined;
  const times = sources.flatMap(({ sync }) => (sync.lastCompleteAt === null ? [] : [sync.lastCompleteAt]));
  return {
    connection: connection.id,
    tracker: connection.tracker,
    server: connection.values["server"] ?? null,
    health: error !== null ? healthOf(error) : lacking ? "not_configured" : "ok",
    account: account === undefined ? null : { ...account, scopes: null, missing: [] },
    budget: null,
    requests: 0,
    lastSyncAt: times.length === 0 ? null : Math.max(...times),
    nextSyncAt: null,
    error,
    progress: null,
  };
}

function toError({ code, message, hint }: { code: string; message: string; hint: string | null }): PanopticonError {
  const known = errorCodes.find((candidate) => candidate === code) ?? "internal";
  return new PanopticonError(known, message, { hint: hint ?? undefined });
}
