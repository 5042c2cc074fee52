import { createHash } from "node:crypto";
import type { Delivery } from "../../trackers/tracker.ts";

const dayMs = 24 * 60 * 60_000;

/** Trackers repeat a failed delivery within minutes, hours at most. Without an id the content identifies it, and equal content may be new again later. */
const rememberedMs = { id: dayMs, content: 10 * 60_000 };

const most = 10_000;

export type DeliveryMemory = {
  /** Whether this delivery is new. Remembers it. */
  isNew(connection: string, id: string | null, delivery: Delivery): boolean;
  /** Forgets a delivery that could not be processed: the tracker sends it again. */
  forget(connection: string, id: string | null, delivery: Delivery): void;
};

/** Remembers processed deliveries. In memory: after a restart a repeated delivery costs one read and changes nothing. */
export function createDeliveryMemory(): DeliveryMemory {
  const known = new Map<string, number>();
  const keyOf = (connection: string, id: string | null, { body }: Delivery) =>
    `${connection} ${id === null ? createHash("sha256").update(body).digest("hex") : `id ${id}`}`;
  return {
    forget: (connection, id, delivery) => void known.delete(keyOf(connection, id, delivery)),
    isNew(connection, id, delivery) {
      const { receivedAt } = delivery;
      const key = keyOf(connection, id, delivery);
      const until = known.get(key);
      if (until !== undefined && until > receivedAt) return false;
      known.delete(key);
      known.set(key, receivedAt + (id === null ? rememberedMs.content : rememberedMs.id));
      // Map iteration is in insertion order, so the oldest come first.
      for (const oldest of known.keys()) {
        if (known.size <= most) break;
        known.delete(oldest);
      }
      return true;
    },
  };
}
