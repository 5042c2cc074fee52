import createDebug from "debug";
import { toPanopticonError } from "../../domain/error.ts";
import type { Operation } from "../../store/outbox/outbox.ts";
import { lookForTwins } from "./look-for-twins.ts";
import type { RoundParts } from "./push-context.ts";
import { openContext } from "./send-operation.ts";

const debug = createDebug("sync");

/** Looks for twins that are begun in one round. */
const maxLooks = 10;

/** When a connection's creations are looked at for twins (see `lookForTwins`). */
export type TwinLooks = {
  /** Begins those that are due, as far as there is room; gives when the next one is, Infinity where no time is known. */
  begin(signal: AbortSignal): Promise<number>;
  /** A creation went out that is to be looked at, sooner or later. */
  expectMore(): void;
};

/** `hasRoom`: whether another request may go out beside those that are under way. */
export function createTwinLooks(parts: RoundParts, hasRoom: () => boolean): TwinLooks {
  const { connection, store, clock, patience, hand } = parts;
  const { sending } = store.outbox;
  /** When some are to be looked for next; 0: to be found out. */
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
        // What is due and found no room is looked at again when something is done.
        nextAt = looks.find(({ at }) => at > now)?.at ?? (looks.length === 0 ? Infinity : 0);
      }
      return nextAt > now ? nextAt : Infinity;
    },
    expectMore,
  };
}
