import type { Clock } from "../../domain/clock.ts";
import type { ConnectionState } from "../connection/connection-state.ts";
import { authProbeIntervalMs, budgetIntervalMs, errorBackoffMs, pollIntervalMs, withJitter } from "./interval.ts";
import { askForTurn, isAnnounced, type SourceState } from "./source-state.ts";

/** What the engine knows of who is looking. */
export type Audience = {
  boardVisible(): boolean;
  lastSeenAt(): number | null;
  isSourceOpen(sourceId: number): boolean;
  /** The user's own lower bound of the polling interval; 0: none. */
  minIntervalMs(): number;
};

/** When the sources of a connection are asked again. */
export type SourceSchedule = {
  /** The next time after a turn that ends now, whether it failed or not. */
  nextDue(state: SourceState): number;
  /** Sets the next time of a source whose turn ends now: what came up meanwhile is asked for, unless the turn failed. */
  turnEnded(state: SourceState): void;
  /** Asks for a source's changes at that time, unless it is done sooner. A source in trouble keeps its own time. */
  lookSoon(state: SourceState, at: number): void;
  /** Puts the next poll off, as far as its last one allows: a stream of deliveries does not put it off for ever. */
  pollLess(state: SourceState): void;
  /** Somebody began or ceased to watch: sources may be due sooner. */
  lookAgain(): void;
  /** Every time that was noted under the clock as it was lies too far in the future now. */
  clockSetBack(byMs: number): void;
};

export function createSourceSchedule(options: {
  readonly connection: ConnectionState;
  readonly clock: Clock;
  readonly audience: Audience;
  /** 0 to 1. */
  readonly random: () => number;
  /** Something may be due sooner than was thought. */
  readonly onSooner: () => void;
}): SourceSchedule {
  const { connection, clock, audience, random, onSooner } = options;
  const { sources } = connection;

  function nextDue(state: SourceState): number {
    const now = clock.now();
    const pausedUntil = connection.opened?.monitor.pausedUntil() ?? 0;
    if (state.error !== null) {
      if (state.error.code === "auth") return now + authProbeIntervalMs;
      const backoff = withJitter(errorBackoffMs(state.failures), random);
      return Math.max(now + backoff, state.error.retryAt ?? 0, pausedUntil);
    }
    const interval = pollIntervalMs({
      now,
      lastChangeAt: state.row.sync.lastChangeAt,
      issueOpen: audience.isSourceOpen(state.row.id),
      boardVisible: audience.boardVisible(),
      lastSeenAt: audience.lastSeenAt(),
      announced: isAnnounced(state.webhook, now),
    });
    const thrifty = budgetIntervalMs(connection.opened?.monitor.budget() ?? null, sources.size, now);
    return Math.max(now + withJitter(Math.max(interval, thrifty, audience.minIntervalMs()), random), pausedUntil);
  }

  return {
    nextDue,
    turnEnded(state) {
      const next = nextDue(state);
      state.dueAt = state.error === null ? Math.min(next, state.againAt ?? next) : next;
      state.againAt = null;
    },
    lookSoon(state, at) {
      state.webhook.expecting = true;
      if (state.error === null) askForTurn(state, at);
      onSooner();
    },
    pollLess(state) {
      const { lastCompleteAt } = state;
      if (lastCompleteAt === null || state.error !== null || state.webhook.expecting) return;
      state.dueAt = Math.max(state.dueAt, nextDue(state) - (clock.now() - lastCompleteAt));
    },
    lookAgain() {
      for (const state of sources.values()) {
        if (state.running === null && state.error === null) state.dueAt = Math.min(state.dueAt, nextDue(state));
      }
      onSooner();
    },
    clockSetBack(byMs) {
      for (const state of sources.values()) {
        state.dueAt -= byMs;
        if (state.againAt !== null) state.againAt -= byMs;
        if (state.lastCompleteAt !== null) state.lastCompleteAt -= byMs;
        for (const key of ["heardAt", "missedAt", "crowdedAt"] as const) {
          const at = state.webhook[key];
          if (at !== null) state.webhook[key] = at - byMs;
        }
      }
    },
  };
}
