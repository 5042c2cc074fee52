import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { PanopticonError } from "../../domain/error.ts";
import type { Proof } from "../../trackers/tracker.ts";
import { ReceiptShape } from "../contract/webhook.ts";
import type { ServerEnv } from "../env.ts";
import { readDelivery } from "../request/read-delivery.ts";
import type { Services } from "../services.ts";
import { answers } from "./responses.ts";

/** Bodies read at once; more are only sent to exhaust the memory. */
const maxAtOnce = 16;

const webhookRoute = createRoute({
  method: "post",
  path: "/webhooks/{tracker}",
  summary: "A delivery from a tracker",
  description:
    "Verified by the tracker's own signature over the raw body, or for Rally by the secret in the address; needs no session. The content is only a hint to read the tracker again. Up to 4 MB, sent without delay.",
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
  unsigned: "The delivery has no signature, or an incomplete one.",
  wrong: "The delivery's signature does not match this server's secret.",
  stale: "The delivery's signature is valid, but its time is too far in the past or the future.",
};

function refusal(proof: Exclude<Proof, "proved">): PanopticonError {
  return new PanopticonError("auth", reasons[proof], {
    hint:
      proof === "stale"
        ? "Check this machine's clock with pan doctor."
        : "Show the secret for this address with pan webhooks.",
  });
}
