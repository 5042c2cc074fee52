import { z } from "zod";
import { readJson } from "../webhooks/read-json.ts";
import { isSameText } from "../webhooks/signature.ts";
import type { WebhookReader } from "../webhooks/webhook.ts";

const Value = z.object({ name: z.string().nullish(), value: z.unknown() });

const Payload = z.object({
  message: z
    .object({
      object_type: z.string().nullish(),
      ref: z.string().nullish(),
      /** Attribute id → attribute. */
      state: z.record(z.string(), Value).nullish(),
      changes: z.record(z.string(), Value).nullish(),
      action: z.string().nullish(),
    })
    .nullish(),
});

/** Comments are separate objects. */
const postType = "ConversationPost";

/**
 * Rally signs nothing: only the URL proves the sender, and the content is only a reason to look. A delivery that cannot be understood causes the whole source
 * to be read. https://rally1.rallydev.com/apps/pigeon/docs/webhooks
 */
export const webhookReader: WebhookReader = {
  prove({ query }, secret) {
    const given = query.get("secret");
    if (given === null || given === "") return "unsigned";
    return isSameText(given, secret) ? "proved" : "wrong";
  },

  read(delivery) {
    const { message } = readJson(Payload, delivery, "rally");
    const id = delivery.headers["x-delivery-id"] ?? null;
    if (message == null) return { id, hints: [] };
    const values = Object.values(message.state ?? {});
    const attribute = (name: string) => values.find((one) => one.name === name)?.value;
    const isPost = message.object_type === postType;
    const nativeId = isPost ? oidIn(attribute("Artifact")) : (oidIn(attribute("ObjectID")) ?? oidIn(message.ref));
    const key = attribute("FormattedID");
    return {
      id,
      hints: [
        {
          sourceId: null,
          issue: nativeId === null ? null : { nativeId, key: !isPost && typeof key === "string" ? key : "" },
          comments: isPost || Object.values(message.changes ?? {}).some((one) => one.name === "Discussion"),
          gone: !isPost && /recycle|delete/i.test(message.action ?? ""),
        },
      ],
    };
  },

  steps({ address, settings }) {
    const server = settings["server"] || "https://rally1.rallydev.com";
    return [
      "Rally has no page for webhooks: a subscription administrator creates them through its API. With an administrator's API key, run `pan webhooks rally --create`.",
      `Otherwise an administrator sends, for each project: POST ${server.replace(/\/+$/, "")}/apps/pigeon/api/v2/webhook with the cookie ZSESSIONID=<API key>`,
      `{"AppName": "Panopticon", "AppUrl": "${new URL(address).origin}", "Name": "Panopticon", "TargetUrl": "${address}", "ObjectTypes": ["HierarchicalRequirement", "Defect", "Task", "Feature"], "Expressions": [{"AttributeName": "Project", "Operator": "=", "Value": "<the project's ObjectUUID>"}]}`,
      "The secret is part of the address: anyone who knows the address can make Panopticon read from Rally, but nothing else.",
    ];
  },

  ping: () => ({ headers: {}, body: "{}" }),
};

/** An ObjectID given as a number, as digits, at the end of a reference, or in an object with one. */
function oidIn(value: unknown): string | null {
  if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return String(value);
  if (typeof value === "string") return /(?:^|\/)(\d{1,16})$/.exec(value)?.[1] ?? null;
  if (typeof value !== "object" || value === null) return null;
  return oidIn("ref" in value ? value.ref : "_ref" in value ? value._ref : null);
}
