import { createHmac } from "node:crypto";
import type { Hook } from "../server/hook-registry.ts";
import type { Message, WebhookDialect } from "../server/webhooks.ts";
import { commentsOf } from "./seed-comments.ts";
import type { LinearState } from "./state.ts";

/**
 * Linear waits five seconds and retries a failed delivery three times, each with a new timestamp. Archiving an issue is an update, deleting it a removal.
 * https://linear.app/developers/webhooks
 */
export function createDialect(state: LinearState): WebhookDialect {
  return {
    retries: 3,
    restamps: true,
    patienceMs: 5_000,
    toMessage({ kind, before, after, sourceId }, hook, sending) {
      const issue = state.byId.get((after ?? before)?.nativeId ?? "");
      if (kind === "commented") {
        const comment = issue === undefined ? undefined : commentsOf(state, issue).at(-1);
        if (issue === undefined || comment === undefined || !listens(hook, "Comment")) return null;
        return signed(state, hook, "Comment", sending, {
          action: "create",
          data: { id: comment.id, body: comment.body, issueId: issue.id, issue: { id: issue.id, title: issue.title } },
        });
      }
      if (!listens(hook, "Issue")) return null;
      const action = kind === "created" ? "create" : kind === "removed" ? "remove" : "update";
      const { nativeId: id, key: identifier, title } = after ?? before ?? { nativeId: "", key: "", title: "" };
      return signed(state, hook, "Issue", sending, { action, data: { id, identifier, title, teamId: sourceId } });
    },
    toPing: () => null,
  };
}

function listens(hook: Hook, type: string): boolean {
  return hook.events.length === 0 || hook.events.includes(type);
}

function signed(
  state: LinearState,
  hook: Hook,
  type: string,
  { id, at }: { readonly id: string; readonly at: number },
  payload: { readonly action: string; readonly data: object },
): Message {
  const body = JSON.stringify({
    ...payload,
    type,
    createdAt: new Date(at).toISOString(),
    organizationId: state.organisation.id,
    webhookTimestamp: at,
    webhookId: hook.id,
  });
  return {
    headers: {
      "User-Agent": "Linear-Webhook",
      "Linear-Delivery": id,
      "Linear-Event": type,
      ...(hook.secret === null
        ? {}
        : { "Linear-Signature": createHmac("sha256", hook.secret).update(body).digest("hex") }),
    },
    body,
  };
}
