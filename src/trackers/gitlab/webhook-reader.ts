import { z } from "zod";
import { readJson } from "../webhooks/read-json.ts";
import { isSameText, sign } from "../webhooks/signature.ts";
import type { Delivery, Proof, WebhookReader } from "../webhooks/webhook.ts";
import { webBase } from "./http-policy.ts";
import { keyOf } from "./keys.ts";

/** The maximum difference between the signed time and ours; the Standard Webhooks specification, which GitLab follows, leaves it to the receiver. */
const toleranceMs = 5 * 60_000;

const AnIssue = z.object({ id: z.number().int(), iid: z.number().int() });

const Payload = z.object({
  object_kind: z.string().optional(),
  project: z.object({ id: z.number().int() }).nullish(),
  project_id: z.number().int().nullish(),
  object_attributes: z
    .object({ id: z.number().int(), iid: z.number().int().optional(), noteable_type: z.string().nullish() })
    .nullish(),
  issue: AnIssue.nullish(),
});

/** Accepts the secret token in a header or, since 18.11, a signature with a signing token. https://docs.gitlab.com/user/project/integrations/webhooks/ */
export const webhookReader: WebhookReader = {
  prove(delivery, secret) {
    const token = delivery.headers["x-gitlab-token"];
    if (token !== undefined && isSameText(token, secret)) return "proved";
    const signed = proveSignature(delivery, secret);
    return signed === "unsigned" && token !== undefined ? "wrong" : signed;
  },

  read(delivery) {
    const { headers } = delivery;
    const id = headers["idempotency-key"] ?? headers["webhook-id"] ?? headers["x-gitlab-event-uuid"] ?? null;
    const payload = readJson(Payload, delivery, "gitlab");
    const { object_kind: kind, object_attributes: about, issue } = payload;
    const project = payload.project?.id ?? payload.project_id ?? null;
    const sourceId = project === null ? null : String(project);
    const hint = ({ id: nativeId, iid }: z.infer<typeof AnIssue>, comments: boolean) => ({
      id,
      hints: [{ sourceId, issue: { nativeId: String(nativeId), key: keyOf(iid) }, comments }],
    });
    // Tasks and other work items are also reported as one of these two.
    if ((kind === "issue" || kind === "work_item") && about?.iid !== undefined) {
      return hint({ id: about.id, iid: about.iid }, false);
    }
    if (kind === "note" && issue != null) return hint(issue, true);
    return { id, hints: [] };
  },

  steps({ address, secret, settings, sources }) {
    const web = webBase(settings["server"] || "https://gitlab.com");
    return [
      ...sources.map(
        (source) => `Open ${web}/${source}/-/hooks as a maintainer of the project and choose “Add new webhook”.`,
      ),
      `URL: ${address}`,
      `Secret token: ${secret}`,
      "Trigger: Issues events, Confidential issues events, Comments, Confidential comments; not Push events.",
      "Leave SSL verification on and add the webhook. “Test” → “Issues events” shows whether deliveries arrive.",
      "To use a signing token, which GitLab generates, copy it and enter it with `pan webhooks gitlab --secret`.",
    ];
  },

  ping: (secret, now) => ({
    headers: {
      "x-gitlab-event": "Panopticon Hook",
      "x-gitlab-token": secret,
      "idempotency-key": `panopticon-${now}`,
    },
    body: JSON.stringify({ object_kind: "panopticon" }),
  }),
};

/** https://www.standardwebhooks.com: signs `{id}.{timestamp}.{body}`; there may be several signatures; the key is base64 after `whsec_`. */
function proveSignature({ headers, body, receivedAt }: Delivery, secret: string): Proof {
  const { "webhook-id": id, "webhook-timestamp": seconds, "webhook-signature": given } = headers;
  if (id === undefined || seconds === undefined || given === undefined || !/^\d{1,12}$/.test(seconds))
    return "unsigned";
  const key = secret.startsWith("whsec_") ? Buffer.from(secret.slice("whsec_".length), "base64") : secret;
  const expected = `v1,${sign(key, `${id}.${seconds}.`, body).toString("base64")}`;
  const matches = given.split(" ").filter((one) => isSameText(one, expected)).length > 0;
  if (!matches) return "wrong";
  return Math.abs(receivedAt - Number(seconds) * 1000) <= toleranceMs ? "proved" : "stale";
}
