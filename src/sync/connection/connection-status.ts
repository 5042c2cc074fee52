import { connectionHealth, errorOf, type Vitals } from "./health.ts";
import { type ConnectionState, probeAt } from "./connection-state.ts";
import type { SourceState } from "../schedule/source-state.ts";
import type { ConnectionStatus, WebhookStatus } from "../sync-engine.ts";

/** The status of a connection. `isPolling`: its sources have a next poll. */
export function toConnectionStatus(state: ConnectionState, vitals: Vitals, isPolling: boolean): ConnectionStatus {
  const { config, sources, opened, account } = state;
  const states = [...sources.values()];
  const completed = states.map((state) => state.lastCompleteAt).filter((at) => at !== null);
  return {
    connection: config.id,
    tracker: config.tracker,
    server: opened?.server ?? null,
    health: connectionHealth(vitals),
    account,
    budget: opened?.monitor.budget() ?? null,
    requests: opened?.monitor.requests() ?? 0,
    lastSyncAt: completed.length === 0 ? null : Math.max(...completed),
    nextSyncAt:
      !isPolling || states.length === 0 ? null : (probeAt(state) ?? Math.min(...states.map(({ dueAt }) => dueAt))),
    error: errorOf(vitals),
    serverAheadMs: opened?.serverAheadMs?.(),
    webhooks: webhookStatus(states),
    progress: progressOf(states),
  };
}

/** Whether the webhooks of these sources are reliable; undefined if no delivery ever arrived. */
function webhookStatus(states: readonly SourceState[]): WebhookStatus | undefined {
  const heard = states.filter(({ webhook }) => webhook.heardAt !== null);
  if (heard.length === 0) return undefined;
  const missed = heard.some(({ webhook }) => webhook.missedAt !== null && webhook.missedAt >= (webhook.heardAt ?? 0));
  return {
    heardAt: Math.max(...heard.map(({ webhook }) => webhook.heardAt ?? 0)),
    state: missed ? "missed" : "working",
  };
}

/** The total progress of the running first runs; `total` is known when that of each is. */
function progressOf(states: readonly SourceState[]): ConnectionStatus["progress"] {
  const shown = states.map((state) => state.progress).filter((progress) => progress !== null);
  if (shown.length === 0) return null;
  return {
    done: shown.reduce((sum, progress) => sum + progress.done, 0),
    total: shown.every((progress) => progress.total !== null)
      ? shown.reduce((sum, progress) => sum + (progress.total ?? 0), 0)
      : null,
  };
}
