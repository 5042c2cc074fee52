import createDebug from "debug";
import { PanopticonError } from "../../domain/error.ts";
import type { Delivery, Proof, WebhookDefinition, WebhookReader } from "../../trackers/tracker.ts";
import type { SyncEngine } from "../sync-engine.ts";
import { createDeliveryMemory } from "./delivery-memory.ts";

const debug = createDebug("sync");

export type Receipt =
  /** `news`: how many of its hints concern mirrored data. */
  | { readonly kind: "accepted"; readonly connection: string; readonly news: number }
  | { readonly kind: "repeated"; readonly connection: string }
  | { readonly kind: "refused"; readonly proof: Exclude<Proof, "proved"> };

/** Deliveries for one connection since the start. Times in milliseconds since the epoch. */
export type DeliveryStats = {
  readonly accepted: number;
  readonly repeated: number;
  readonly lastAt: number | null;
  /** A refused delivery counts for every connection of the tracker, since it could have been meant for any. */
  readonly refused: number;
  readonly lastRefusal: { readonly at: number; readonly proof: Exclude<Proof, "proved"> } | null;
};

export type WebhookInbox = {
  /** Processes a delivery if it is proved. Throws `not_found` for an unknown tracker, `invalid_input` for a proved body that cannot be parsed. */
  receive(tracker: string, delivery: Delivery): Promise<Receipt>;
  stats(connection: string): DeliveryStats;
};

export type InboxOptions = {
  readonly trackers: readonly { readonly id: string; readonly webhooks: WebhookDefinition }[];
  readonly connections: () => readonly { readonly id: string; readonly tracker: string }[];
  /** The secrets that prove a delivery for a connection: the present one, and a former one for a while. */
  readonly secrets: (connection: string) => readonly string[];
  readonly sync: Pick<SyncEngine, "hear">;
};

const nothing: DeliveryStats = { accepted: 0, repeated: 0, lastAt: null, refused: 0, lastRefusal: null };

/** From the most to the least informative. */
const proofs = ["proved", "stale", "wrong", "unsigned"] as const satisfies readonly Proof[];

/** Receives webhooks: verifies them, drops repeats, and hints to the sync engine where to look. Their content is never trusted as data. */
export function createWebhookInbox(options: InboxOptions): WebhookInbox {
  const memory = createDeliveryMemory();
  const stats = new Map<string, DeliveryStats>();
  const count = (connection: string, change: (before: DeliveryStats) => Partial<DeliveryStats>) => {
    const before = stats.get(connection) ?? nothing;
    stats.set(connection, { ...before, ...change(before) });
  };

  /** Finds the connection whose secret signed the delivery. Tries all of them, so that timing reveals nothing. */
  function prove(reader: WebhookReader, tracker: string, delivery: Delivery): { proof: Proof; connection: string } {
    const tried = options
      .connections()
      .filter((connection) => connection.tracker === tracker)
      .flatMap(({ id }) =>
        options.secrets(id).map((secret) => ({ connection: id, proof: reader.prove(delivery, secret) })),
      );
    const best = tried.toSorted((a, b) => proofs.indexOf(a.proof) - proofs.indexOf(b.proof))[0];
    return best ?? { connection: "", proof: "wrong" };
  }

  return {
    stats: (connection) => stats.get(connection) ?? nothing,
    async receive(tracker, delivery) {
      const definition = options.trackers.find(({ id }) => id === tracker);
      if (definition === undefined) {
        throw new PanopticonError("not_found", "Unknown tracker.", {
          hint: "Show each tracker's address with pan webhooks.",
        });
      }
      const reader = await definition.webhooks.load();
      const { proof, connection } = prove(reader, tracker, delivery);
      if (proof !== "proved") {
        for (const { id } of options.connections().filter((one) => one.tracker === tracker)) {
          count(id, ({ refused }) => ({ refused: refused + 1, lastRefusal: { at: delivery.receivedAt, proof } }));
        }
        debug("%s: a delivery was refused: %s", tracker, proof);
        return { kind: "refused", proof };
      }
      const { id, hints } = reader.read(delivery);
      if (!memory.isNew(connection, id, delivery)) {
        count(connection, ({ repeated }) => ({ repeated: repeated + 1 }));
        return { kind: "repeated", connection };
      }
      count(connection, ({ accepted }) => ({ accepted: accepted + 1, lastAt: delivery.receivedAt }));
      let news: number;
      try {
        news = await options.sync.hear(connection, hints);
      } catch (error) {
        memory.forget(connection, id, delivery);
        throw error;
      }
      debug("%s: a delivery told of %d, %d of them mirrored", connection, hints.length, news);
      return { kind: "accepted", connection, news };
    },
  };
}
