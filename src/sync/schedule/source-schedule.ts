import type { Clock } from "../../domain/clock.ts";
import type { ConnectionState } from "../connection/connection-state.ts";
import { authProbeIntervalMs, budgetIntervalMs, errorBackoffMs, pollIntervalMs, withJitter } from "./interval.ts";
import { askForTurn, isAnnounced, type SourceState } from "./source-state.ts";

/** Who is currently watching. */
export type Audience = {
  boardVisible(): boolean;
  lastSeenAt(): number | null;
  isSourceOpen(sourceId: number): boolean;
  /** The user's own lower bound of the polling interval; 0: none. */
  minIntervalMs(): number;
};

/** Decides when the sources of a connection are polled next. */
export type SourceSchedule = {
  /** The next poll after a turn that ends now, successful or not. */
  nextDue(state: SourceState): number;
  /** Schedules a source whose turn ends now. Honours a request made during the turn, unless the turn failed. */
  turnEnded(state: SourceState): void;
  /** Schedules a poll at the given time, unless one is due sooner. A failing source keeps its backoff. */
  lookSoon(state: SourceState, at: number): void;
  /** Postpones the next poll, counted from the last one, so that a stream of deliveries does not postpone it forever. */
  pollLess(state: SourceState): void;
  /** Reschedules after a watch started or ended. */
  lookAgain(): void;
  /** Corrects all recorded times, which are now too far in the future. */
  clockSetBack(byMs: number): void;
};

export function createSourceSchedule(options: {
  readonly connection: ConnectionState;
  readonly clock: Clock;
  readonly audience: Audience;
  /** 0 to 1. */
  readonly random: () => number;
  /** Called when something may be due sooner than planned. */
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
