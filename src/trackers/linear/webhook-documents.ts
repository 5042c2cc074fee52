import { toText } from "./selection.ts";

const hook = ["id", "url", "enabled", { name: "team", fields: ["id", "key"] }] as const;
const done = (name: string, args: string) => toText([{ name, args, fields: ["success"] }]);

/** The workspace's webhooks; only admins may read them. */
export const webhooksQuery = {
  document: `query Webhooks($first: Int!, $after: String) { ${toText([
    { name: "webhooks", first: "$first", args: "after: $after", paged: true, fields: hook },
  ])} }`,
};

export const createWebhook = {
  document: `mutation CreateWebhook($input: WebhookCreateInput!) { ${done("webhookCreate", "input: $input")} }`,
};

export const updateWebhook = {
  document: `mutation UpdateWebhook($id: String!, $input: WebhookUpdateInput!) { ${done("webhookUpdate", "id: $id, input: $input")} }`,
};

export const deleteWebhook = {
  document: `mutation DeleteWebhook($id: String!) { ${done("webhookDelete", "id: $id")} }`,
};
