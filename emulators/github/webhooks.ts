import { createHmac } from "node:crypto";
import type { WorldIssue } from "../emulator.ts";
import type { Hook } from "../server/hook-registry.ts";
import type { Happening, Message, WebhookDialect } from "../server/webhooks.ts";
import type { Account } from "./access.ts";
import { commentsOf } from "./seed-comments.ts";
import type { GitHubState } from "./state.ts";
import type { Wire } from "./wire.ts";

const version = "2022-11-28";

/**
 * GitHub never retries by itself, waits ten seconds, and has a separate event for comments.
 * https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries
 */
export function createDialect(state: GitHubState, wire: Wire, account: Account): WebhookDialect {
  function signed(hook: Hook, event: string, id: string, payload: object): Message {
    const body = JSON.stringify(payload);
    const signature =
      hook.secret === null ? null : `sha256=${createHmac("sha256", hook.secret).update(body).digest("hex")}`;
    return {
      headers: {
        "User-Agent": "GitHub-Hookshot/emulator",
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": id,
        "X-GitHub-Hook-ID": hook.id,
        ...(signature === null ? {} : { "X-Hub-Signature-256": signature }),
      },
      body,
    };
  }

  function about(happening: Happening) {
    const repo = state.repos.find((one) => String(one.id) === happening.sourceId);
    const { nativeId } = happening.after ?? happening.before ?? { nativeId: "" };
    const issue = state.issuesById.get(Number(nativeId));
    return { repo, issue };
  }

  return {
    retries: 0,
    patienceMs: 10_000,
    toMessage(happening, hook, { id }) {
      const { repo, issue } = about(happening);
      const event = happening.kind === "commented" ? "issue_comment" : "issues";
      const listens = hook.events.length === 0 || hook.events.some((one) => one === event || one === "*");
      if (repo === undefined || !listens) return null;
      const payload = {
        issue: issue === undefined ? departed(happening.before) : wire.issue(issue, { version }),
        repository: wire.repo(repo, "full", account),
        sender: account.user === null ? null : wire.user(account.user),
      };
      if (event === "issues") return signed(hook, event, id, { action: actionOf(happening), ...payload });
      const comment = issue === undefined ? undefined : commentsOf(state, issue).at(-1);
      if (issue === undefined || comment === undefined) return null;
      return signed(hook, event, id, { action: "created", comment: wire.comment(issue, comment), ...payload });
    },
    toPing: (hook, { id }) => signed(hook, "ping", id, { zen: "Keep it logically awesome.", hook_id: Number(hook.id) }),
  };
}

function departed(issue: WorldIssue | null): object {
  return { id: Number(issue?.nativeId), number: Number(issue?.key.slice(1)), title: issue?.title };
}

function actionOf({ kind, before, after }: Happening): string {
  if (kind === "created") return "opened";
  if (kind === "removed" || before === null || after === null) return "deleted";
  if (before.closed !== after.closed) return after.closed ? "closed" : "reopened";
  if (before.labels.length < after.labels.length) return "labeled";
  if (before.labels.length > after.labels.length) return "unlabeled";
  if (before.assignees.length !== after.assignees.length)
    return before.assignees.length < after.assignees.length ? "assigned" : "unassigned";
  return "edited";
}
