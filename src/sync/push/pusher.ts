import createDebug from "debug";
import { PanopticonError, toPanopticonError } from "../../domain/error.ts";
import type { Operation } from "../../store/outbox/outbox.ts";
import { errorBackoffMs } from "../schedule/interval.ts";
import { lookForTwins } from "./look-for-twins.ts";
import { createPatience } from "./patience.ts";
import type { PusherOptions } from "./push-context.ts";
import { putOff } from "./put-off.ts";
import { openContext, sendOperation } from "./send-operation.ts";
import { createWorkInHand } from "./work-in-hand.ts";

const debug = createDebug("sync");

const idleMs = 24 * 60 * 60 * 1000;
/** Operations looked at in one round; more are seen once some of these are done. */
const mostUpcoming = 100;
/** Looks for twins that are begun in one round. */
const mostLooks = 10;

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

/**
 * Sends one connection's outbox: the operations of one issue in order and one at a time, those of different issues side by side within the connection's
 * limit. What is on its way is on disk first; what cannot go now waits until it may.
 */
export function createPusher(options: PusherOptions): Pusher {
  const { connection, store, clock, publish } = options;
  const { sending } = store.outbox;
  const stopping = new AbortController();
  const patience = createPatience(clock);
  const hand = createWorkInHand({ clock, onFree: wake });
  let wakeUp = new AbortController();
  let loop: Promise<void> | null = null;
  /** When twins are to be looked for next; 0: to be found out. */
  let twinsAt = 0;

  function wake(): void {
    if (!wakeUp.signal.aborted) wakeUp.abort();
  }

  /** One alone finds out why a connection cannot be opened. */
  function concurrency(): number {
    try {
      return options.open().writing.concurrency;
    } catch (error) {
      debug("%s: %s", connection, toPanopticonError(error).message);
      return 1;
    }
  }

  /** Starts what is due and can be; gives when the next one is, null when none waits for a time. */
  async function round(signal: AbortSignal): Promise<number | null> {
    const upcoming = await sending.upcoming(connection, mostUpcoming);
    const now = clock.now();
    const held = patience.held(now);
    if (held !== null) {
      if (upcoming.some(({ nextAttemptAt }) => (nextAttemptAt ?? 0) <= now)) {
        publish(await sending.hold(connection, held.until, held.reason));
      }
      return held.until;
    }
    let next: number | null = null;
    for (const operation of upcoming) {
      if (hand.isTaken(operation.issueId)) continue;
      const dueAt = operation.nextAttemptAt ?? 0;
      if (dueAt > now) {
        next = Math.min(next ?? dueAt, dueAt);
        continue;
      }
      if (hand.size() >= concurrency()) break;
      hand.take(operation.issueId, attempt(operation, signal));
    }
    return startLooks(now, next, signal);
  }

  /** Starts the looks for twins that are due, once what is sent leaves room; gives when there is more to do, `next` at the latest. */
  async function startLooks(now: number, next: number | null, signal: AbortSignal): Promise<number | null> {
    if (twinsAt <= now) {
      const looks = await sending.twinLooks(connection, mostLooks);
      for (const { operation } of looks.filter(({ at }) => at <= now)) {
        if (hand.size() >= concurrency()) break;
        if (hand.isTaken(operation.issueId)) continue;
        hand.take(operation.issueId, look(operation, signal), () => {
          twinsAt = 0;
        });
      }
      // What is due and found no room is looked at again when something is done.
      twinsAt = looks.find(({ at }) => at > now)?.at ?? (looks.length === 0 ? Infinity : 0);
    }
    const soonest = Math.min(next ?? Infinity, twinsAt > now ? twinsAt : Infinity);
    return soonest === Infinity ? null : soonest;
  }

  async function look(operation: Operation, signal: AbortSignal): Promise<void> {
    try {
      await lookForTwins(await openContext(options, operation, signal), operation);
    } catch (error) {
      debug("%s: twins of operation %d: %s", connection, operation.id, toPanopticonError(error).message);
      hand.rest(operation.issueId, patience.restMs(), signal);
    }
  }

  async function attempt(operation: Operation, signal: AbortSignal): Promise<void> {
    try {
      const outcome = await sendOperation(options, operation, signal);
      if (outcome.kind !== "settled") await putOff({ ...options, patience }, operation, outcome, signal);
      else {
        patience.end();
        if (operation.state === "unknown") twinsAt = 0;
        options.onTrouble(null);
      }
    } catch (error) {
      // The disk may be full: what was begun is looked for when there is room again.
      debug("%s: operation %d: %s", connection, operation.id, toPanopticonError(error).message);
      hand.rest(operation.issueId, patience.restMs(), signal);
    }
  }

  async function hasten(): Promise<void> {
    patience.hasten();
    await sending.hasten(connection);
    wake();
  }

  async function run(): Promise<void> {
    // What waited for the network or for credentials when another process ended may go now.
    await hasten();
    while (!stopping.signal.aborted) {
      wakeUp = new AbortController();
      const signal = AbortSignal.any([wakeUp.signal, stopping.signal]);
      const next = await round(stopping.signal).catch((error: unknown) => {
        debug("%s: the outbox could not be read: %s", connection, toPanopticonError(error).message);
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
        if (hand.size() === 0) return;
        await hand.any();
      }
      await hand.all();
    },
    async clockSetBack(byMs) {
      patience.clockSetBack(byMs);
      await sending.clockSetBack(connection, byMs);
      wake();
    },
    async stop() {
      stopping.abort(new PanopticonError("busy", "The sync was stopped."));
      await Promise.all([loop, hand.all()]);
    },
  };
}
