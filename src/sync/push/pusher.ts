import createDebug from "debug";
import { PanopticonError, toPanopticonError } from "../../domain/error.ts";
import { errorBackoffMs } from "../schedule/interval.ts";
import { createPatience } from "./patience.ts";
import type { PusherOptions } from "./push-context.ts";
import { createRounds } from "./send-due.ts";
import { createWorkInHand } from "./work-in-hand.ts";

const debug = createDebug("sync");

const idleMs = 24 * 60 * 60 * 1000;

/** A round looks at all that is pending. With thousands of pending changes, rounds after each further one must not crowd out what they are for. */
const restPerRound = 3;
const longestRestMs = 1_000;
/** While nothing can be sent, a round only marks what came since as waiting, and had better do so for several changes at once. */
const heldRestMs = 100;

export type Pusher = {
  start(): void;
  /** Call when there is something new to send. */
  wake(): void;
  /** Retries operations waiting for the network or for credentials at once. */
  hasten(): Promise<void>;
  /** Sends what can be sent now; resolves when nothing more is due or the signal is aborted. For a process about to exit. */
  drain(signal: AbortSignal): Promise<void>;
  /** Adjusts waiting operations after this machine's clock was set back. */
  clockSetBack(byMs: number): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Sends one connection's outbox: operations of one issue in order and one at a time, those of different issues concurrently within the connection's limit.
 * Records an operation as `sending` on disk before its request leaves; what cannot be sent now waits.
 */
export function createPusher(options: PusherOptions): Pusher {
  const { connection, store, clock, publish } = options;
  const { sending } = store.outbox;
  const stopping = new AbortController();
  const patience = createPatience(clock);
  const hand = createWorkInHand({ clock, onFree: wake });
  const rounds = createRounds({ ...options, patience, hand });
  let wakeUp = new AbortController();
  let hurry = new AbortController();
  let loop: Promise<void> | null = null;

  function wake(): void {
    if (!wakeUp.signal.aborted) wakeUp.abort();
  }

  async function hasten(): Promise<void> {
    patience.hasten();
    hurry.abort();
    publish(await sending.hasten(connection));
    wake();
  }

  async function run(): Promise<void> {
    // Operations that were waiting for the network or credentials when an earlier process ended may go now.
    await hasten();
    while (!stopping.signal.aborted) {
      wakeUp = new AbortController();
      hurry = new AbortController();
      const signal = AbortSignal.any([wakeUp.signal, stopping.signal]);
      const resting = AbortSignal.any([hurry.signal, stopping.signal]);
      const begunAt = clock.now();
      const next = await rounds.sendDue(stopping.signal).catch((error: unknown) => {
        debug("%s: the outbox could not be read: %s", connection, toPanopticonError(error).message);
        return clock.now() + errorBackoffMs(1);
      });
      const leastMs = patience.held(clock.now()) === null ? 0 : heldRestMs;
      const restMs = Math.min(longestRestMs, Math.max(leastMs, restPerRound * (clock.now() - begunAt)));
      if (restMs > 0) await clock.sleep(restMs, resting).catch(() => undefined);
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
        await rounds.sendDue(ends);
        if (hand.size() === 0) return;
        await hand.any();
      }
      await hand.all();
    },
    async clockSetBack(byMs) {
      patience.clockSetBack(byMs);
      publish(await sending.clockSetBack(connection, byMs));
      rounds.timesChanged();
      wake();
    },
    async stop() {
      stopping.abort(new PanopticonError("busy", "The sync was stopped."));
      await Promise.all([loop, hand.all()]);
    },
  };
}
