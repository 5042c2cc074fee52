import createDebug from "debug";
import { toPanopticonError } from "../../domain/error.ts";
import type { Operation } from "../../store/outbox/outbox.ts";
import { lookForTwins } from "./look-for-twins.ts";
import type { RoundParts } from "./push-context.ts";
import { openContext } from "./send-operation.ts";

const debug = createDebug("sync");

/** The number of searches for twins to start in one round. */
const maxLooks = 10;

/** Schedules the searches for twins of a connection's creations (see `lookForTwins`). */
export type TwinLooks = {
  /** Starts due searches while there is room; returns when the next is due, Infinity if no time is known. */
  begin(signal: AbortSignal): Promise<number>;
  /** Call when a creation was sent that needs a search later, or when the stored times of searches were changed. */
  expectMore(): void;
};

/** `hasRoom`: whether another request may be sent beside those in flight. */
export function createTwinLooks(parts: RoundParts, hasRoom: () => boolean): TwinLooks {
  const { connection, store, clock, patience, hand } = parts;
  const { sending } = store.outbox;
  /** When the next search is due; 0: not known yet. */
  let nextAt = 0;

  async function look(operation: Operation, signal: AbortSignal): Promise<void> {
    try {
      await lookForTwins(await openContext(parts, operation, signal), operation);
    } catch (error) {
      debug("%s: twins of operation %d: %s", connection, operation.id, toPanopticonError(error).message);
      hand.rest(operation.issueId, patience.restMs(), signal);
    }
  }

  function expectMore(): void {
    nextAt = 0;
  }

  return {
    async begin(signal) {
      const now = clock.now();
      if (nextAt <= now) {
        const looks = await sending.twinLooks(connection, maxLooks);
        for (const { operation } of looks.filter(({ at }) => at <= now)) {
          if (!hasRoom()) break;
          if (!hand.isTaken(operation.issueId)) hand.take(operation.issueId, look(operation, signal), expectMore);
        }
        // Due searches without room are tried again when other work finishes.
        nextAt = looks.find(({ at }) => at > now)?.at ?? (looks.length === 0 ? Infinity : 0);
      }
      return nextAt > now ? nextAt : Infinity;
    },
    expectMore,
  };
}
