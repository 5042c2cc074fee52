import type { ConnectionConfig } from "../../domain/credentials.ts";
import { PanopticonError, errorCodes } from "../../domain/error.ts";
import type { TrackersShape } from "../../server/contract/tracker.ts";
import { toTrackersShape } from "../../server/shapes/tracker-shape.ts";
import type { SourceRow } from "../../store/sources/source-row.ts";
import type { SourceStore } from "../../store/store.ts";
import { healthOf } from "../../sync/connection/health.ts";
import { pauseEnd } from "../../sync/connection/kept-pause.ts";
import { missingCredentials } from "../../sync/connection/missing-credentials.ts";
import type { ConnectionStatus } from "../../sync/sync-engine.ts";
import { limitReached } from "../../trackers/http/limit-reached.ts";
import { trackers } from "../../trackers/registry.ts";
import type { Surroundings } from "../app.ts";
import type { Context } from "../context.ts";
import { loadConfig } from "../load-config.ts";

type Accounts = Awaited<ReturnType<SourceStore["accounts"]>>;

/** What the mirror stores about connections. */
type Remembered = {
  readonly accounts: Accounts;
  readonly pauses: Awaited<ReturnType<SourceStore["pauses"]>>;
  /** See `ShadowStore.countLeft`. */
  readonly keptMoves: number;
};

/** The trackers' state at the last sync, in the form of `GET /api/trackers`, for use while no server runs. */
export async function describeTrackers(
  surroundings: Surroundings & Pick<Context, "clock">,
  sources: readonly SourceRow[],
  { accounts, pauses, keptMoves }: Remembered,
): Promise<TrackersShape> {
  const config = await loadConfig(surroundings);
  const now = surroundings.clock.now();
  const statuses = config.connections.map((connection) => {
    const pausedUntil = pauseEnd(connection, pauses[connection.id], now);
    return toStatus(connection, sources, { accounts, pausedUntil });
  });
  return { ...toTrackersShape({ trackers, config, statuses, sources }), keptMoves };
}

function toStatus(
  connection: ConnectionConfig,
  all: readonly SourceRow[],
  { accounts, pausedUntil }: { readonly accounts: Accounts; readonly pausedUntil: number | null },
): ConnectionStatus {
  const sources = all.filter(({ config }) => config.connection === connection.id);
  const failed = sources.find(({ sync }) => sync.error !== null)?.sync.error;
  const lacking = connection.missing.length > 0;
  const policy = trackers.find(({ id }) => id === connection.tracker)?.http;
  const known = pausedUntil === null || policy === undefined ? toError(failed) : limitReached(policy, pausedUntil);
  const isWanted = sources.length > 0;
  const error = lacking && isWanted ? missingCredentials(connection) : known;
  const account = Object.hasOwn(accounts, connection.id) ? accounts[connection.id] : undefined;
  const times = sources.flatMap(({ sync }) => (sync.lastCompleteAt === null ? [] : [sync.lastCompleteAt]));
  return {
    connection: connection.id,
    tracker: connection.tracker,
    server: connection.values["server"] ?? null,
    health: lacking ? (isWanted ? "misconfigured" : "not_configured") : error === null ? "ok" : healthOf(error),
    account: account === undefined ? null : { ...account, scopes: null, missing: [] },
    budget: null,
    requests: 0,
    lastSyncAt: times.length === 0 ? null : Math.max(...times),
    nextSyncAt: pausedUntil,
    error,
    progress: null,
  };
}

function toError(stored: SourceRow["sync"]["error"] | undefined): PanopticonError | null {
  if (stored == null) return null;
  const known = errorCodes.find((candidate) => candidate === stored.code) ?? "internal";
  return new PanopticonError(known, stored.message, { hint: stored.hint ?? undefined });
}
