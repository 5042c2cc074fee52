import createDebug from "debug";
import { toPanopticonError } from "../../domain/error.ts";
import type { Operation } from "../../store/outbox/outbox.ts";
import type { RoundParts } from "./push-context.ts";
import { putOff } from "./put-off.ts";
import { sendOperation } from "./send-operation.ts";
import { createTwinLooks } from "./twin-looks.ts";

const debug = createDebug("sync");

/** The number of operations to consider in one round; later rounds see the rest. */
const maxUpcoming = 100;

/** The rounds of one connection's outbox. Work started in a round continues in `parts.hand`. */
export type Rounds = {
  /** Starts due operations as far as possible; returns when the next is due, null if none waits for a time. */
  sendDue(signal: AbortSignal): Promise<number | null>;
  /** Call when stored times were changed, because this machine's clock was. */
  timesChanged(): void;
};

export function createRounds(parts: RoundParts): Rounds {
  const { connection, store, clock, publish, patience, hand } = parts;
  const { sending } = store.outbox;
  /** Operations whose outcome could not be stored; treated as if the process had crashed there. */
  const cutShort = new Set<number>();
  const hasRoom = () => hand.size() < concurrency();
  const twinLooks = createTwinLooks(parts, hasRoom);

  /** 1 if the connection cannot be opened, so that a single operation reports why. */
  function concurrency(): number {
    try {
      return parts.open().writing.concurrency;
    } catch (error) {
      debug("%s: %s", connection, toPanopticonError(error).message);
      return 1;
    }
  }

  /** Starts due operations; returns the time of the next, Infinity if none has one. */
  function startDue(upcoming: readonly Operation[], now: number, signal: AbortSignal): number {
    let next = Infinity;
    for (const operation of upcoming) {
      if (hand.isTaken(operation.issueId)) continue;
      const dueAt = operation.nextAttemptAt ?? 0;
      if (dueAt > now) next = Math.min(next, dueAt);
      else if (hasRoom()) hand.take(operation.issueId, attempt(operation, signal));
      else break;
    }
    return next;
  }

  async function attempt(operation: Operation, signal: AbortSignal): Promise<void> {
    try {
      const outcome = await sendOperation(parts, operation, signal);
      if (outcome.kind !== "settled") return await putOff(parts, operation, outcome, signal);
      patience.end();
      patience.notOvertaken(operation.id);
      if (operation.state === "unknown") twinLooks.expectMore();
      parts.onTrouble(null);
    } catch (error) {
      // The disk may be full: what was sent is checked once there is room again.
      cutShort.add(operation.id);
      debug("%s: operation %d: %s", connection, operation.id, toPanopticonError(error).message);
      hand.rest(operation.issueId, patience.restMs(), signal);
    }
  }

  async function recover(): Promise<void> {
    const ids = [...cutShort];
    if (ids.length > 0) await sending.recover(ids);
    for (const id of ids) cutShort.delete(id);
  }

  async function sendDue(signal: AbortSignal): Promise<number | null> {
    await recover();
    const held = patience.held(clock.now());
    if (held !== null) {
      publish(await sending.hold(connection, held.until, held.reason));
      return held.until;
    }
    const upcoming = await sending.upcoming(connection, maxUpcoming);
    const now = clock.now();
    const next = startDue(upcoming, now, signal);
    // Operations go first; searches for twins use the remaining room.
    const soonest = Math.min(next, await twinLooks.begin(signal));
    return soonest === Infinity ? null : soonest;
  }

  return { sendDue, timesChanged: twinLooks.expectMore };
}
