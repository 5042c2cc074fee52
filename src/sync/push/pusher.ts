import createDebug from "debug";
import type { Clock } from "../../domain/clock.ts";
import { type ErrorCode, PanopticonError, toPanopticonError } from "../../domain/error.ts";
import type { Change } from "../../store/change.ts";
import type { Operation, OperationReason } from "../../store/outbox/outbox.ts";
import type { Store } from "../../store/store.ts";
import type { OpenConnection } from "../open-connection.ts";
import { authProbeIntervalMs, errorBackoffMs } from "../interval.ts";
import { toSource } from "../to-source.ts";
import { toReason } from "./judge-error.ts";
import { lookForTwins } from "./look-for-twins.ts";
import type { Outcome, PushContext } from "./push-context.ts";
import { sendComment } from "./send-comment.ts";
import { sendCreate } from "./send-create.ts";
import { sendEdit } from "./send-edit.ts";
import { sendRelation } from "./send-relation.ts";

const debug = createDebug("sync");

const idleMs = 24 * 60 * 60 * 1000;
/** Operations looked at in one round; more are seen once some of these are done. */
const mostUpcoming = 100;
/** Looks for twins that are begun in one round. */
const mostLooks = 10;
/** A request's deadline; see the HTTP client. */
const deadlineMs = 30_000;
/** Somebody else's changes that come first, one after the other, before it is called hopeless. */
const mostAttemptsAgain = 5;
/** An answer that was lost is looked for after a moment: the network may only have blinked. */
const blinkMs = 1_000;

/** Failures that every other write would meet too; one record that does not parse keeps nobody else waiting. */
const concernsAll: ReadonlySet<ErrorCode> = new Set(["auth", "rate_limited", "unreachable", "timeout"]);

export type Pusher = {
  start(): void;
  /** There is something new to be sent. */
  wake(): void;
  /** What waits for the network or for credentials is tried at once. */
  hasten(): Promise<void>;
  /** Sends what can be sent now, and answers when nothing is due any more or the signal ends it. For a process that is about to end. */
  drain(signal: AbortSignal): Promise<void>;
  /** This machine's clock was set back by so much. */
  clockSetBack(byMs: number): Promise<void>;
  stop(): Promise<void>;
};

export type PusherOptions = {
  readonly connection: string;
  readonly store: Store;
  readonly clock: Clock;
  /** Throws where the connection cannot be opened. */
  readonly open: () => OpenConnection;
  readonly publish: (change: Change) => void;
  /** Trouble of the connection as a whole, or null when a write went through. */
  readonly onTrouble: (error: PanopticonError | null) => void;
};

/**
 * Sends one connection's outbox: the operations of one issue in order and one at a time, those of different issues side by side within the connection's
 * limit. What is on its way is on disk first; what cannot go now waits until it may.
 */
export function createPusher(options: PusherOptions): Pusher {
  const { store, clock } = options;
  const { sending } = store.outbox;
  const stopping = new AbortController();
  const active = new Map<number, Promise<void>>();
  let wakeUp = new AbortController();
  let loop: Promise<void> | null = null;
  /** Failures of the network in a row. */
  let failures = 0;
  /** The whole connection waits (no network, no valid credentials, a limit): what is new waits with it. */
  let held: { readonly until: number; readonly reason: OperationReason } | null = null;
  /** When twins are to be looked for next; 0: to be found out. */
  let twinsAt = 0;
  /** Issues whose operations failed for a reason of our own (a full disk): not tried again at once. */
  const resting = new Set<number>();

  const wake = () => {
    if (!wakeUp.signal.aborted) wakeUp.abort();
  };

  /** One alone finds out why a connection cannot be opened. */
  function concurrency(): number {
    try {
      return options.open().writing.concurrency;
    } catch (error) {
      debug("%s: %s", options.connection, toPanopticonError(error).message);
      return 1;
    }
  }

  /** Starts what is due and can be; gives when the next one is, null when none waits for a time. */
  async function round(signal: AbortSignal): Promise<number | null> {
    const upcoming = await sending.upcoming(options.connection, mostUpcoming);
    const now = clock.now();
    let next: number | null = null;
    if (held !== null && held.until > now) {
      if (upcoming.some(({ nextAttemptAt }) => (nextAttemptAt ?? 0) <= now)) {
        options.publish(await sending.hold(options.connection, held.until, held.reason));
      }
      return held.until;
    }
    held = null;
    for (const operation of upcoming) {
      if (active.has(operation.issueId) || resting.has(operation.issueId)) continue;
      const dueAt = operation.nextAttemptAt ?? 0;
      if (dueAt > now) {
        next = Math.min(next ?? dueAt, dueAt);
        continue;
      }
      if (active.size >= concurrency()) break;
      const work = attempt(operation, signal).finally(() => {
        active.delete(operation.issueId);
        wake();
      });
      active.set(operation.issueId, work);
    }
    return startLooks(now, next, signal);
  }

  /** Starts the looks for twins that are due, once what is sent leaves room; gives when there is more to do, `next` at the latest. */
  async function startLooks(now: number, next: number | null, signal: AbortSignal): Promise<number | null> {
    if (twinsAt <= now) {
      const looks = await sending.twinLooks(options.connection, mostLooks);
      for (const { operation } of looks.filter(({ at }) => at <= now)) {
        if (active.size >= concurrency()) break;
        if (active.has(operation.issueId) || resting.has(operation.issueId)) continue;
        const work = look(operation, signal).finally(() => {
          active.delete(operation.issueId);
          twinsAt = 0;
          wake();
        });
        active.set(operation.issueId, work);
      }
      // What is due and found no room is looked at again when something is done.
      twinsAt = looks.find(({ at }) => at > now)?.at ?? (looks.length === 0 ? Infinity : 0);
    }
    const soonest = Math.min(next ?? Infinity, twinsAt > now ? twinsAt : Infinity);
    return soonest === Infinity ? null : soonest;
  }

  async function look(operation: Operation, signal: AbortSignal): Promise<void> {
    try {
      await lookForTwins(await createContext(operation, signal), operation);
    } catch (error) {
      debug("%s: twins of operation %d: %s", options.connection, operation.id, toPanopticonError(error).message);
      rest(operation.issueId, signal);
    }
  }

  async function attempt(operation: Operation, signal: AbortSignal): Promise<void> {
    try {
      const outcome = await send(operation, signal);
      if (outcome.kind !== "settled") await putOff(operation, outcome, signal);
      else {
        failures = 0;
        held = null;
        if (operation.state === "unknown") twinsAt = 0;
        options.onTrouble(null);
      }
    } catch (error) {
      // The disk may be full: what was begun is looked for when there is room again.
      debug("%s: operation %d: %s", options.connection, operation.id, toPanopticonError(error).message);
      rest(operation.issueId, signal);
    }
  }

  async function send(operation: Operation, signal: AbortSignal): Promise<Outcome> {
    let context: PushContext;
    try {
      context = await createContext(operation, signal);
    } catch (error) {
      if (toPanopticonError(error).code !== "unsupported") return { kind: "later", error };
      options.publish(await sending.settle(operation.id, { state: "refused", reason: toReason(error) }));
      return { kind: "settled" };
    }
    switch (operation.kind) {
      case "create":
        return sendCreate(context, operation);
      case "edit":
        return sendEdit(context, operation);
      case "relate":
      case "unrelate":
        return sendRelation(context, operation);
      default:
        return sendComment(context, operation);
    }
  }

  async function createContext(operation: Operation, signal: AbortSignal): Promise<PushContext> {
    const { connection, writing } = options.open();
    const row = await store.sources.get(operation.sourceId);
    const { write } = connection;
    if (write === undefined) {
      throw new PanopticonError("unsupported", "This tracker can only be read so far.", {
        tracker: row.config.tracker,
      });
    }
    return {
      store,
      clock,
      connection,
      write,
      row,
      source: toSource(row),
      signal,
      lookAfterMs: deadlineMs + writing.lagMs,
      publish: options.publish,
    };
  }

  async function putOff(
    operation: Operation,
    outcome: Exclude<Outcome, { kind: "settled" }>,
    signal: AbortSignal,
  ): Promise<void> {
    const error = toPanopticonError(outcome.error);
    const reason = toReason(error);
    const wasUnknown = operation.state === "unknown";
    debug("%s: operation %d %s: %s", options.connection, operation.id, outcome.kind, error.message);
    if (outcome.kind === "again") {
      if (operation.attempts + 1 >= mostAttemptsAgain) {
        options.publish(await sending.settle(operation.id, { state: "refused", reason }));
      } else {
        options.publish(await sending.postpone(operation.id, { state: "queued", nextAttemptAt: null, reason: null }));
      }
      return;
    }
    const isCreation = operation.kind === "create" || operation.kind === "comment";
    const lookAt = clock.now() + (isCreation ? deadlineMs + options.open().writing.lagMs : blinkMs);
    if (signal.aborted) {
      // Stopped from outside: nothing is known to be wrong.
      const isUnknown = outcome.kind === "unknown" || wasUnknown;
      const nextAttemptAt = outcome.kind === "unknown" && isCreation ? lookAt : null;
      const state = isUnknown ? "unknown" : "queued";
      options.publish(await sending.postpone(operation.id, { state, nextAttemptAt, reason: null }));
      return;
    }
    const until = retryAt(error);
    if (outcome.kind === "unknown") {
      options.publish(
        await sending.postpone(operation.id, { state: "unknown", nextAttemptAt: Math.max(until, lookAt), reason }),
      );
    } else {
      const state = wasUnknown ? "unknown" : "waiting";
      options.publish(await sending.postpone(operation.id, { state, nextAttemptAt: until, reason }));
    }
    options.onTrouble(error);
    if (outcome.kind === "later" && concernsAll.has(error.code)) {
      held = { until, reason };
      options.publish(await sending.hold(options.connection, until, reason));
    }
  }

  function retryAt(error: PanopticonError): number {
    const now = clock.now();
    if (error.code === "auth") return now + authProbeIntervalMs;
    if (error.code === "rate_limited") return Math.max(now + blinkMs, error.retryAt ?? now);
    failures += 1;
    return Math.max(now + errorBackoffMs(failures) / 5, error.retryAt ?? 0);
  }

  function rest(issueId: number, signal: AbortSignal): void {
    failures += 1;
    resting.add(issueId);
    const end = () => {
      resting.delete(issueId);
      wake();
    };
    clock.sleep(errorBackoffMs(failures), signal).then(end, end);
  }

  async function hasten(): Promise<void> {
    failures = 0;
    if (held?.reason.code !== "rate_limited") held = null;
    await sending.hasten(options.connection);
    wake();
  }

  async function run(): Promise<void> {
    // What waited for the network or for credentials when another process ended may go now.
    await hasten();
    while (!stopping.signal.aborted) {
      wakeUp = new AbortController();
      const signal = AbortSignal.any([wakeUp.signal, stopping.signal]);
      const next = await round(stopping.signal).catch((error: unknown) => {
        debug("%s: the outbox could not be read: %s", options.connection, toPanopticonError(error).message);
        return clock.now() + errorBackoffMs(1);
      });
      await clock.sleep(next === null ? idleMs : Math.max(0, next - clock.now()), signal).catch((reason: unknown) => {
        if (!signal.aborted) throw reason;
      });
    }
  }

  return {
    start() {
      loop ??= run();
    },
    wake,
    hasten,
    async drain(signal) {
      await hasten();
      const ends = AbortSignal.any([signal, stopping.signal]);
      while (!ends.aborted) {
        await round(ends);
        if (active.size === 0) return;
        await Promise.race(active.values());
      }
      await Promise.all(active.values());
    },
    async clockSetBack(byMs) {
      if (held !== null) held = { ...held, until: held.until - byMs };
      await sending.clockSetBack(options.connection, byMs);
      wake();
    },
    async stop() {
      stopping.abort(new PanopticonError("busy", "The sync was stopped."));
      await Promise.all([loop, ...active.values()]);
    },
  };
}
