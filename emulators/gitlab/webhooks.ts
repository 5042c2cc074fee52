import { createHmac } from "node:crypto";
import type { Hook } from "../server/hook-registry.ts";
import type { Message, WebhookDialect } from "../server/webhooks.ts";
import type { Issue } from "./records.ts";
import { notesOf } from "./seed-notes.ts";
import type { GitLabState } from "./state.ts";

/**
 * GitLab never retries by itself, waits ten seconds, and does not report deleted issues. A secret that starts with `whsec_` is a signing token, any other is
 * sent along. https://docs.gitlab.com/user/project/integrations/webhooks/
 */
export function createDialect(state: GitLabState, web: string): WebhookDialect {
  const issuePayload = (issue: Issue, kind: "created" | "edited") => ({
    object_kind: "issue",
    event_type: "issue",
    user: { id: issue.author.id, name: issue.author.name, username: issue.author.login },
    project: projectOf(issue),
    object_attributes: {
      id: issue.id,
      iid: issue.iid,
      project_id: issue.project.id,
      title: issue.title,
      description: "",
      state: issue.state,
      action: kind === "created" ? "open" : "update",
      updated_at: new Date(issue.updatedAt).toISOString(),
      url: `${web}/${issue.project.path}/-/issues/${issue.iid}`,
    },
    labels: issue.labels.map(({ id, name }) => ({ id, title: name })),
  });

  const projectOf = ({ project }: Issue) => ({
    id: project.id,
    name: project.path.split("/").at(-1),
    path_with_namespace: project.path,
    web_url: `${web}/${project.path}`,
  });

  return {
    retries: 0,
    restamps: true,
    patienceMs: 10_000,
    toMessage({ kind, after }, hook, sending) {
      const issue = state.issuesById.get(Number(after?.nativeId));
      if (issue === undefined || kind === "removed") return null;
      if (kind !== "commented") {
        return listens(hook, "issues_events") ? signed(hook, "Issue Hook", sending, issuePayload(issue, kind)) : null;
      }
      const note = notesOf(state, issue).at(-1);
      if (note === undefined || !listens(hook, "note_events")) return null;
      return signed(hook, "Note Hook", sending, {
        object_kind: "note",
        event_type: "note",
        project_id: issue.project.id,
        project: projectOf(issue),
        object_attributes: { id: note.id, note: note.body, noteable_type: "Issue", noteable_id: issue.id },
        issue: { id: issue.id, iid: issue.iid, title: issue.title, state: issue.state },
      });
    },
    /** A test sends an event about the newest issue. */
    toPing(hook, sending) {
      const issues = [...state.issuesById.values()].filter((one) => String(one.project.id) === hook.sourceId);
      const issue = issues.at(-1);
      return issue === undefined ? null : signed(hook, "Issue Hook", sending, issuePayload(issue, "edited"));
    },
  };
}

function listens(hook: Hook, event: string): boolean {
  return hook.events.length === 0 || hook.events.includes(event);
}

function signed(
  hook: Hook,
  event: string,
  { id, at }: { readonly id: string; readonly at: number },
  payload: object,
): Message {
  const body = JSON.stringify(payload);
  const seconds = Math.floor(at / 1000);
  const key = hook.secret?.startsWith("whsec_") ? Buffer.from(hook.secret.slice("whsec_".length), "base64") : null;
  return {
    headers: {
      "User-Agent": "GitLab/18.11.0",
      "X-Gitlab-Event": event,
      "X-Gitlab-Event-UUID": `${id}-event`,
      "X-Gitlab-Webhook-UUID": hook.id,
      "Idempotency-Key": id,
      ...(key !== null
        ? {
            "webhook-id": id,
            "webhook-timestamp": String(seconds),
            "webhook-signature": `v1,${createHmac("sha256", key).update(`${id}.${seconds}.${body}`).digest("base64")}`,
          }
        : hook.secret === null
          ? {}
          : { "X-Gitlab-Token": hook.secret }),
    },
    body,
  };
}
