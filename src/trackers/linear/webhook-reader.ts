import { z } from "zod";
import { isPanopticonError } from "../../domain/error.ts";
import { readJson } from "../webhooks/read-json.ts";
import { isHexOf, sign } from "../webhooks/signature.ts";
import type { Delivery, WebhookHint, WebhookReader } from "../webhooks/webhook.ts";

/** The resources to subscribe to. https://linear.app/developers/webhooks */
export const resourceTypes = ["Issue", "Comment", "IssueLabel", "Cycle"] as const;

/** The maximum difference between a delivery's time and ours, as Linear recommends. */
const toleranceMs = 60_000;

const Payload = z.object({
  action: z.string().optional(),
  type: z.string(),
  webhookTimestamp: z.number(),
  data: z
    .object({
      id: z.string(),
      identifier: z.string().nullish(),
      teamId: z.string().nullish(),
      issueId: z.string().nullish(),
      issue: z.object({ id: z.string(), identifier: z.string().nullish(), teamId: z.string().nullish() }).nullish(),
    })
    .nullish(),
});

/** The time is signed, too, so that an old delivery cannot be replayed as a new one. */
export const webhookReader: WebhookReader = {
  prove(delivery, secret) {
    const given = delivery.headers["linear-signature"] ?? "";
    if (!/^[0-9a-f]{64}$/i.test(given)) return "unsigned";
    if (!isHexOf(sign(secret, delivery.body), given)) return "wrong";
    const at = timeOf(delivery);
    return at !== null && Math.abs(delivery.receivedAt - at) <= toleranceMs ? "proved" : "stale";
  },

  read(delivery) {
    const id = delivery.headers["linear-delivery"] ?? null;
    const { type, data, action } = readJson(Payload, delivery, "linear");
    return { id, hints: data == null ? [] : toHints(type, data, action === "remove") };
  },

  steps: ({ address, sources }) => [
    "As a workspace admin, open https://linear.app/settings/api in Linear and choose “New webhook”.",
    `URL: ${address}`,
    "Data change events: Issues, Comments, Labels, Cycles.",
    `Teams: ${sources.length === 0 ? "those you mirror" : sources.join(", ")}, or all public teams.`,
    "Linear generates the signing secret: copy it, then enter it with `pan webhooks linear --secret`.",
  ],

  ping(secret, now) {
    const body = JSON.stringify({ action: "create", type: "Ping", webhookTimestamp: now });
    return {
      headers: {
        "linear-event": "Ping",
        "linear-delivery": `panopticon-${now}`,
        "linear-signature": sign(secret, body).toString("hex"),
      },
      body,
    };
  },
};

function toHints(type: string, data: NonNullable<z.infer<typeof Payload>["data"]>, gone: boolean): WebhookHint[] {
  switch (type) {
    case "Issue":
      return [
        {
          sourceId: data.teamId ?? null,
          issue: { nativeId: data.id, key: data.identifier ?? "" },
          comments: false,
          gone,
        },
      ];
    case "Comment": {
      const nativeId = data.issueId ?? data.issue?.id;
      if (nativeId == null) return [];
      const issue = { nativeId, key: data.issue?.identifier ?? "" };
      return [{ sourceId: data.issue?.teamId ?? null, issue, comments: true }];
    }
    case "IssueLabel":
    case "Cycle":
      return [{ sourceId: data.teamId ?? null, issue: null, comments: false }];
    default:
      return [];
  }
}

function timeOf(delivery: Delivery): number | null {
  try {
    return readJson(Payload, delivery, "linear").webhookTimestamp;
  } catch (error) {
    if (isPanopticonError(error)) return null;
    throw error;
  }
}
