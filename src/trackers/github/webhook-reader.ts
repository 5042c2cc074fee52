import { z } from "zod";
import { readJson } from "../webhooks/read-json.ts";
import { isHexOf, sign } from "../webhooks/signature.ts";
import type { WebhookHint, WebhookReader } from "../webhooks/webhook.ts";
import { webAddress } from "./http-policy.ts";

/** The events to subscribe to; `label` and `milestone` for their names. https://docs.github.com/en/webhooks/webhook-events-and-payloads */
export const webhookEvents = [
  "issues",
  "issue_comment",
  "sub_issues",
  "issue_dependencies",
  "label",
  "milestone",
] as const;

const Id = z.number().int();
const AnIssue = z.object({ id: Id, number: Id, pull_request: z.unknown().optional() });
const Repository = z.object({ id: Id });

const Payload = z.object({
  action: z.string().optional(),
  issue: AnIssue.optional(),
  repository: Repository.optional(),
  parent_issue: AnIssue.optional(),
  parent_issue_repo: Repository.nullish(),
  sub_issue: AnIssue.optional(),
  sub_issue_repo: Repository.nullish(),
  blocked_issue: AnIssue.optional(),
  blocked_issue_repo: Repository.nullish(),
  blocking_issue: AnIssue.optional(),
  blocking_issue_repo: Repository.nullish(),
});

/** https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries */
export const webhookReader: WebhookReader = {
  prove({ headers, body }, secret) {
    const given = /^sha256=([0-9a-f]{64})$/i.exec(headers["x-hub-signature-256"] ?? "")?.[1];
    if (given === undefined) return "unsigned";
    return isHexOf(sign(secret, body), given) ? "proved" : "wrong";
  },

  read(delivery) {
    const id = delivery.headers["x-github-delivery"] ?? null;
    const event = delivery.headers["x-github-event"] ?? "";
    if (!webhookEvents.some((known) => known === event)) return { id, hints: [] };
    const payload = readJson(Payload, delivery, "github");
    const { repository } = payload;
    const comments = event === "issue_comment";
    const gone = event === "issues" && (payload.action === "deleted" || payload.action === "transferred");
    const named: readonly (readonly [
      z.infer<typeof AnIssue> | undefined,
      z.infer<typeof Repository> | null | undefined,
    ])[] = [
      [payload.issue, repository],
      [payload.parent_issue, payload.parent_issue_repo ?? repository],
      [payload.sub_issue, payload.sub_issue_repo ?? repository],
      [payload.blocked_issue, payload.blocked_issue_repo ?? repository],
      [payload.blocking_issue, payload.blocking_issue_repo ?? repository],
    ];
    const hints = named.flatMap(([issue, from]): WebhookHint[] => {
      // Comments on pull requests have the same event name.
      if (issue === undefined || issue.pull_request != null) return [];
      const sourceId = from == null ? null : String(from.id);
      return [{ sourceId, issue: { nativeId: String(issue.id), key: `#${issue.number}` }, comments, gone }];
    });
    if (hints.length > 0 || repository === undefined || event === "issue_comment") return { id, hints };
    return { id, hints: [{ sourceId: String(repository.id), issue: null, comments: false }] };
  },

  steps({ address, secret, settings, sources }) {
    const web = webAddress(settings["server"] ?? "");
    return [
      ...sources.map((source) => `Open ${web}/${source}/settings/hooks/new (requires admin access to the repository).`),
      `Payload URL: ${address}`,
      "Content type: application/json",
      `Secret: ${secret}`,
      "Choose “Let me select individual events”, then select Issues, Issue comments, Sub issues, Issue dependencies, Labels and Milestones; clear Pushes.",
      "Add the webhook. GitHub sends a ping at once, which shows as delivered.",
    ];
  },

  ping(secret, now) {
    const body = JSON.stringify({ zen: "Panopticon tests its own route.", hook_id: 0 });
    return {
      headers: {
        "x-github-event": "ping",
        "x-github-delivery": `panopticon-${now}`,
        "x-hub-signature-256": `sha256=${sign(secret, body).toString("hex")}`,
      },
      body,
    };
  },
};
