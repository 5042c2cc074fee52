import { z } from "@hono/zod-openapi";
import { Time } from "./issue.ts";

export const webhookStates = ["off", "waiting", "working", "missed"] as const;

/** The state of a connection's webhooks. */
export const WebhooksShape = z
  .object({
    address: z.string().nullable().openapi({
      description: "The address that the tracker sends to, without a secret; null without `server.publicUrl`",
    }),
    state: z.enum(webhookStates).openapi({
      description:
        "off: no address or no secret. waiting: no deliveries since the server started. working: polls are rare. missed: a poll found a change that no delivery reported",
    }),
    deliveries: z.number().openapi({ description: "Accepted since the server started, not counting repeats" }),
    repeated: z.number(),
    lastDeliveryAt: Time.nullable(),
    refused: z
      .number()
      .openapi({ description: "Not verified; may have been meant for another connection of the tracker" }),
    lastRefusal: z.object({ at: Time, reason: z.enum(["unsigned", "wrong", "stale"]) }).nullable(),
  })
  .openapi("Webhooks");

export type WebhooksShape = z.infer<typeof WebhooksShape>;

export const ReceiptShape = z
  .object({
    accepted: z.literal(true),
    repeated: z.boolean().openapi({ description: "It was received before" }),
    issues: z.number().openapi({ description: "How many of the items it reports are mirrored" }),
  })
  .openapi("Receipt");

export type ReceiptShape = z.infer<typeof ReceiptShape>;
