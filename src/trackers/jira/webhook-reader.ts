import { z } from "zod";
import { readJson } from "../webhooks/read-json.ts";
import { isHexOf, sign } from "../webhooks/signature.ts";
import type { WebhookHint, WebhookReader } from "../webhooks/webhook.ts";

const Id = z.union([z.string(), z.number().int()]).transform(String);
const AnIssue = z.object({
  id: Id,
  key: z.string(),
  fields: z.object({ project: z.object({ id: Id }).nullish() }).nullish(),
});

const Payload = z.object({
  webhookEvent: z.string(),
  issue: AnIssue.nullish(),
  issueLink: z.object({ sourceIssueId: Id.nullish(), destinationIssueId: Id.nullish() }).nullish(),
});

/**
 * Signed by Cloud, and by Data Center since 9.6, if an administrator gave the webhook a secret. https://developer.atlassian.com/cloud/jira/platform/webhooks/
 */
export const webhookReader: WebhookReader = {
  prove({ headers, body }, secret) {
    const given = /^sha256=([0-9a-f]{64})$/i.exec(headers["x-hub-signature"] ?? "")?.[1];
    if (given === undefined) return "unsigned";
    return isHexOf(sign(secret, body), given) ? "proved" : "wrong";
  },

  read(delivery) {
    const id = delivery.headers["x-atlassian-webhook-identifier"] ?? null;
    const { webhookEvent: event, issue, issueLink } = readJson(Payload, delivery, "jira");
    if (/^(jira:)?issue_/.test(event) && issue != null)
      return { id, hints: [{ ...toHint(issue, false), gone: event === "jira:issue_deleted" }] };
    if (event.startsWith("comment_") && issue != null) return { id, hints: [toHint(issue, true)] };
    // Links contain only the issues' numeric ids, by which issues can be read, too.
    const linked = event.startsWith("issuelink_") ? [issueLink?.sourceIssueId, issueLink?.destinationIssueId] : [];
    return {
      id,
      hints: linked.flatMap((nativeId) =>
        nativeId == null ? [] : [{ sourceId: null, issue: { nativeId, key: "" }, comments: false }],
      ),
    };
  },

  steps({ address, secret, settings, sources }) {
    const set = settings["server"] ?? "";
    // The gateway serves only the API, so the website is the site's.
    const isSite = set !== "" && !set.startsWith("https://api.atlassian.com/");
    const server = (isSite ? set : "https://SITE.atlassian.net").replace(/\/+$/, "");
    const projects = sources.length === 0 ? "" : ` project in (${sources.join(", ")})`;
    return [
      `As a Jira administrator, open ${server}/plugins/servlet/webhooks and choose “Create a WebHook”. Tokens cannot do this: Jira's API creates webhooks for apps only.`,
      `URL: ${address}`,
      `Secret: ${secret}`,
      `Issue related events, JQL:${projects || " leave it empty"}`,
      "Check: Issue created, updated, deleted; Comment created, updated, deleted; Issue link created, deleted.",
      "Leave “Exclude body” off, and create the webhook.",
    ];
  },

  ping(secret, now) {
    const body = JSON.stringify({ timestamp: now, webhookEvent: "panopticon_ping" });
    return {
      headers: {
        "x-atlassian-webhook-identifier": `panopticon-${now}`,
        "x-hub-signature": `sha256=${sign(secret, body).toString("hex")}`,
      },
      body,
    };
  },
};

function toHint(issue: z.infer<typeof AnIssue>, comments: boolean): WebhookHint {
  return { sourceId: issue.fields?.project?.id ?? null, issue: { nativeId: issue.id, key: issue.key }, comments };
}
