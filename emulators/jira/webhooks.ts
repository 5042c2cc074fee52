import { createHmac } from "node:crypto";
import type { Hook } from "../server/hook-registry.ts";
import type { Message, WebhookDialect } from "../server/webhooks.ts";
import type { JiraState } from "./state.ts";
import type { Wire } from "./wire.ts";

/**
 * An administrator's webhooks: no API creates them with a user's token. Jira retries a failed delivery up to five times.
 * https://developer.atlassian.com/cloud/jira/platform/webhooks/
 */
export function createDialect(state: JiraState, wire: Wire): WebhookDialect {
  return {
    retries: 5,
    patienceMs: 20_000,
    toMessage({ kind, before, after }, hook, { id, at }) {
      const issue = state.issuesById.get(Number(after?.nativeId));
      if (issue === undefined) {
        if (before === null) return null;
        const [key = ""] = before.key.split("-");
        const project = state.projects.find((one) => one.key === key);
        const gone = { id: before.nativeId, key: before.key, fields: { project: { id: String(project?.id), key } } };
        return signed(hook, id, { timestamp: at, webhookEvent: "jira:issue_deleted", issue: gone });
      }
      const written = wire.issue(issue, ["*navigable"]);
      if (kind === "commented") {
        return signed(hook, id, {
          timestamp: at,
          webhookEvent: "comment_created",
          comment: { id: "1", body: "" },
          issue: written,
        });
      }
      const event = kind === "created" ? "jira:issue_created" : "jira:issue_updated";
      return signed(hook, id, { timestamp: at, webhookEvent: event, issue: written });
    },
    toPing: () => null,
  };
}

function signed(hook: Hook, id: string, payload: object): Message {
  const body = JSON.stringify(payload);
  const signature =
    hook.secret === null ? null : `sha256=${createHmac("sha256", hook.secret).update(body).digest("hex")}`;
  return {
    headers: {
      "User-Agent": "Atlassian HttpClient emulator",
      "X-Atlassian-Webhook-Identifier": id,
      ...(signature === null ? {} : { "X-Hub-Signature": signature }),
    },
    body,
  };
}
