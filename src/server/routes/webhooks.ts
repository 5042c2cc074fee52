import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { PanopticonError } from "../../domain/error.ts";
import type { Proof } from "../../trackers/tracker.ts";
import { ReceiptShape } from "../contract/webhook.ts";
import type { ServerEnv } from "../env.ts";
import { readDelivery } from "../request/read-delivery.ts";
import type { Services } from "../services.ts";
import { answers } from "./responses.ts";

/** Bodies that are read at once: more come only from who wants to fill the memory. */
const maxAtOnce = 16;

const webhookRoute = createRoute({
  method: "post",
  path: "/webhooks/{tracker}",
  summary: "A delivery from a tracker",
  description:
    "Proved by the tracker's own signature over the raw body, Rally by the secret in the address; needs no session. What it says is a reason to read again, never the truth. Up to 4 MB, and at once.",
  security: [],
  request: { params: z.object({ tracker: z.string() }) },
  responses: answers(202, ReceiptShape, "Taken", [400, 404, 413, 503]),
});

export function addWebhookRoute(app: OpenAPIHono<ServerEnv>, { webhooks, clock }: Services): void {
  let underWay = 0;
  app.openapi(webhookRoute, async (c) => {
    if (underWay >= maxAtOnce) {
      throw new PanopticonError("busy", "Too many deliveries at once.", {
        hint: "Send it again in a moment.",
        retryAt: clock.now() + 5000,
      });
    }
    underWay += 1;
    try {
      const delivery = await readDelivery(c, clock.now());
      const receipt = await webhooks.receive(c.req.valid("param").tracker, delivery);
      if (receipt.kind === "refused") throw refusal(receipt.proof);
      const repeated = receipt.kind === "repeated";
      return c.json({ accepted: true as const, repeated, issues: receipt.kind === "accepted" ? receipt.news : 0 }, 202);
    } finally {
      underWay -= 1;
    }
  });
}

const reasons: Readonly<Record<Exclude<Proof, "proved">, string>> = {
  unsigned: "The delivery carries no signature.",
  wrong: "The delivery is not signed with a secret of this server.",
  stale: "The delivery is signed, and too old or too new to be one of now.",
};

function refusal(proof: Exclude<Proof, "proved">): PanopticonError {
  return new PanopticonError("auth", reasons[proof], {
    hint:
      proof === "stale"
        ? "Check this machine's clock: pan doctor does."
        : "pan webhooks shows the secret that belongs to this address.",
  });
}
