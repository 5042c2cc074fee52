import createDebug from "debug";
import type { Clock } from "../../domain/clock.ts";
import { type PanopticonError, toPanopticonError } from "../../domain/error.ts";
import type { Change } from "../../store/change.ts";
import type { Store } from "../../store/store.ts";
import { type ConnectionState, isTrouble } from "../connection/connection-state.ts";
import { isAnswer } from "../connection/health.ts";
import { busyIntervalMs, longestLagMs } from "../schedule/interval.ts";
import { createSharedAsking } from "../../domain/shared-asking.ts";
import type { OpenConnection } from "../connection/open-connection.ts";
import { askForTurn, type SourceState, type TurnResult } from "../schedule/source-state.ts";
import type { SyncEvent } from "../sync-engine.ts";
import { takeTurn, type TurnOptions } from "./sync-turn.ts";
import { toStoredError } from "./to-stored-error.ts";

const debug = createDebug("sync");

export type TurnKind = Pick<TurnOptions, "sweep" | "idle">;

/** Runs one turn of a source. An error that ends it early is part of the result. */
export type RunTurn = (state: SourceState, kind: TurnKind, signal: AbortSignal) => Promise<TurnResult>;

/** Creates the function that runs turns of a connection's sources, publishes their changes and stores their errors. */
export function createTurns(parts: {
  readonly state: ConnectionState;
  readonly store: Store;
  readonly clock: Clock;
  readonly open: () => OpenConnection;
  /** Fetches the account of the credentials. */
  readonly verify: (signal: AbortSignal) => Promise<unknown>;
  /** Whether a webhook delivery announced changes of this source that are not yet read. */
  readonly isTold: (source: SourceState) => boolean;
  /** Called when the tracker responds again after an error: waiting operations can be sent. */
  readonly onRecovered: () => Promise<void>;
  readonly publish: (change: Pick<Change, "sequence" | "refs" | "due">) => void;
  readonly emit: (event: SyncEvent) => void;
  /** Called when the connection's status may have changed. */
  readonly announce: () => void;
}): RunTurn {
  const { state: connectionState, store, clock, open, verify, publish, emit, announce } = parts;
  const { config } = connectionState;
  const share = createSharedAsking();
  let recalled = false;

  /** Tells a connection, before its first turn, about recent writes of an earlier process, which lists may not show yet. */
  async function recall({ connection }: OpenConnection): Promise<void> {
    const writes = await store.outbox.sending.recentWrites(config.id, clock.now() - longestLagMs);
    await connection.recall?.(writes);
    recalled = true;
  }

  /** Shared, because the first turns of a connection's sources start together. */
  async function openReady(signal: AbortSignal): Promise<OpenConnection> {
    const opened = open();
    if (connectionState.account === null) await share("account", (own = signal) => verify(own), signal);
    if (!recalled) await recall(opened);
    return opened;
  }

  async function keepError(state: SourceState, error: PanopticonError): Promise<void> {
    state.failures += 1;
    state.error = error;
    if (isTrouble(error)) connectionState.trouble = error;
    else if (isAnswer(error)) connectionState.trouble = null;
    try {
      await store.sources.saveSync(state.row.id, { error: toStoredError(error, clock.now()) });
    } catch (failure) {
      // The error stays visible in memory; a full disk must not end the loop.
      debug("%s: the error could not be stored: %s", state.row.config.id, toPanopticonError(failure).message);
    }
  }

  return async (state, kind, signal) => {
    const total = { changed: 0, removed: 0 };
    const told = state.webhook.expecting || parts.isTold(state);
    state.webhook.expecting = false;
    const source = state.row.config.id;
    try {
      const { connection, monitor } = await openReady(signal);
      const { news, incomplete } = await takeTurn({
        state,
        ...kind,
        store,
        clock,
        connection,
        monitor,
        signal,
        onChange: (change) => {
          total.changed += change.changed;
          total.removed += change.removed;
          publish(change);
        },
        onProgress: ({ done, total: all }) => {
          state.progress = { done, total: all };
          emit({ type: "progress", connection: config.id, source, done, total: all, finished: false });
          announce();
        },
      });
      // A poll found changes that no webhook announced: a delivery was lost, or is late, in which case its arrival corrects this.
      if (kind.idle && news && !told && state.webhook.heardAt !== null) state.webhook.missedAt = clock.now();
      state.failures = 0;
      state.error = null;
      state.lastCompleteAt = clock.now();
      if (incomplete) askForTurn(state, clock.now() + busyIntervalMs);
      if (connectionState.trouble !== null) await parts.onRecovered();
      connectionState.trouble = null;
      debug("%s: %d changed, %d removed", source, total.changed, total.removed);
      return { ...total, error: null };
    } catch (cause) {
      if (signal.aborted) return { ...total, error: null };
      const error = toPanopticonError(cause);
      debug("%s: %s %s", source, error.code, error.message);
      await keepError(state, error);
      return { ...total, error };
    } finally {
      if (state.progress !== null) {
        const { done, total: all } = state.progress;
        state.progress = null;
        emit({ type: "progress", connection: config.id, source, done, total: all, finished: true });
      }
    }
  };
}
