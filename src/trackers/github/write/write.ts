import { PanopticonError } from "../../../domain/error.ts";
import type { IssueAddress, NativeDraft, RelationChange } from "../../../domain/operation.ts";
import type { HttpResponse } from "../../http/http-client.ts";
import { beforehand } from "../../beforehand.ts";
import { parseBody } from "../../http/parse-body.ts";
import type { OperationMark, ReadResult, Source, TrackerWriter, WriteAnswer, WrittenComment } from "../../tracker.ts";
import type { GithubClient } from "../client.ts";
import { findMarkedComments, findMarkedIssues } from "./find-marked.ts";
import { numberOf } from "../issue-number.ts";
import { toComment, toIssue, toPerson, toSeen } from "../map.ts";
import { withMarker } from "../../comment-mark.ts";
import type { GithubNames } from "../names.ts";
import { Comment } from "../schema.ts";
import { toTypeName } from "../types.ts";
import { planEdit, StepRequest } from "./write-plan.ts";

/** Writes to GitHub. Every API call is sent once; names are looked up before. */
export function createGithubWriter(client: GithubClient, names: GithubNames): TrackerWriter {
  return {
    plan: async (source, issue, edit) => planEdit(source, issue, edit, names.labelOf),

    async perform(source, issue, step, signal) {
      const request = parseBody(StepRequest, step.request, { tracker: "github", what: step.name });
      return performStep(client, names, { source, issue, request, signal });
    },

    async create(source, draft, mark, signal) {
      const body = await beforehand(() => toNewIssue(names, source, draft, mark, signal));
      return toAnswer(client, names, await client.send(source.key, "POST", "/issues", { body, signal }));
    },
    findCreated: (source, _draft, mark, signal) => findMarkedIssues(client, source, mark, signal),

    async comment(source, issue, body, mark, signal) {
      const path = `/issues/${numberOf(issue.key)}/comments`;
      const sent = { body: withMarker(body, mark) };
      return toWritten(client, await client.send(source.key, "POST", path, { body: sent, signal }));
    },
    findComments: (source, issue, _body, mark, signal) => findMarkedComments(client, source, issue, mark, signal),

    async editComment(source, _issue, commentId, body, signal) {
      const path = commentPath(commentId);
      return toWritten(client, await client.send(source.key, "PATCH", path, { body: { body }, signal }));
    },
    async deleteComment(source, issue, commentId, signal) {
      const response = await client.send(source.key, "DELETE", commentPath(commentId), { accept: [404], signal });
      // 404 can also mean that the token lacks access: the comment is gone only if the issue can be read.
      if (response.status === 404) await client.getIssue(source.key, numberOf(issue.key), signal);
    },

    async relate(_source, issue, relation, signal) {
      const { blocked, blocker } = endsOf(issue, relation);
      const path = `/issues/${numberOf(blocked.key)}/dependencies/blocked_by`;
      const body = { issue_id: Number(blocker.nativeId) };
      try {
        await client.send(blocked.sourceKey, "POST", path, { body, signal });
      } catch (error) {
        if (!isRefusal(error, "invalid_input") || !(await isBlocked(client, blocked, blocker, signal))) throw error;
      }
    },
    async unrelate(_source, issue, relation, signal) {
      const { blocked, blocker } = endsOf(issue, relation);
      const path = `/issues/${numberOf(blocked.key)}/dependencies/blocked_by/${encodeURIComponent(blocker.nativeId)}`;
      try {
        await client.send(blocked.sourceKey, "DELETE", path, { signal });
      } catch (error) {
        const isOpen = isRefusal(error, "not_found") || isRefusal(error, "invalid_input");
        if (!isOpen || (await isBlocked(client, blocked, blocker, signal))) throw error;
      }
    },
  };
}

async function performStep(
  client: GithubClient,
  names: GithubNames,
  sending: {
    readonly source: Source;
    readonly issue: IssueAddressOf;
    readonly request: StepRequest;
    readonly signal: AbortSignal | undefined;
  },
): Promise<WriteAnswer> {
  const { source, issue, request, signal } = sending;
  const path = `/issues/${numberOf(issue.key)}`;
  const child = { sub_issue_id: Number(issue.nativeId) };
  switch (request.kind) {
    case "patch": {
      const { milestoneId } = request;
      const milestone = await beforehand(async () =>
        milestoneId == null ? milestoneId : await names.milestoneOf(source, milestoneId, signal),
      );
      const body = { ...request.patch, ...(milestone === undefined ? {} : { milestone }) };
      return toAnswer(client, names, await client.send(source.key, "PATCH", path, { body, signal }));
    }
    case "assign":
    case "unassign": {
      const assignees = await beforehand(() => names.loginsOf(source, request.ids, signal));
      const method = request.kind === "assign" ? "POST" : "DELETE";
      const response = await client.send(source.key, method, `${path}/assignees`, { body: { assignees }, signal });
      return toAnswer(client, names, response);
    }
    case "add_labels":
      await client.send(source.key, "POST", `${path}/labels`, { body: { labels: request.names }, signal });
      return null;
    case "remove_label": {
      const name = encodeURIComponent(request.name);
      const response = await client.send(source.key, "DELETE", `${path}/labels/${name}`, { accept: [404], signal });
      // Someone else removed the label first, or the issue is not visible.
      if (response.status === 404) await client.getIssue(source.key, numberOf(issue.key), signal);
      return null;
    }
    case "set_parent": {
      const body = { ...child, replace_parent: true };
      await client.send(request.repository, "POST", `/issues/${numberOf(request.key)}/sub_issues`, { body, signal });
      return null;
    }
    case "end_parent":
      await client.send(request.repository, "DELETE", `/issues/${numberOf(request.key)}/sub_issue`, {
        body: child,
        signal,
      });
      return null;
  }
}

type IssueAddressOf = Pick<IssueAddress, "nativeId" | "key">;

async function toNewIssue(
  names: GithubNames,
  source: Source,
  draft: NativeDraft,
  mark: OperationMark,
  signal: AbortSignal | undefined,
): Promise<Record<string, unknown>> {
  const { assigneeIds, cycleId, labels, type } = draft;
  const typeName = type === null ? null : toTypeName(type);
  return {
    title: draft.title,
    body: withMarker(draft.body, mark),
    ...(labels.length > 0 ? { labels: labels.map(({ name }) => name) } : {}),
    ...(assigneeIds.length > 0 ? { assignees: await names.loginsOf(source, assigneeIds, signal) } : {}),
    ...(cycleId === null ? {} : { milestone: await names.milestoneOf(source, cycleId, signal) }),
    ...(typeName === null ? {} : { type: typeName }),
  };
}

function toAnswer(
  client: GithubClient,
  names: GithubNames,
  response: HttpResponse,
): Extract<ReadResult, { kind: "issue" }> {
  const issue = client.parseIssue(response);
  names.learn.issue(issue);
  return { kind: "issue", issue: toIssue(issue), seen: toSeen([issue]), requestedAt: response.requestedAt };
}

function toWritten(client: GithubClient, response: HttpResponse): WrittenComment {
  const comment = client.parse(Comment, response, "comment");
  return { comment: toComment(comment), seen: comment.user ? { people: [toPerson(comment.user)] } : {} };
}

function commentPath(commentId: string): string {
  return `/issues/comments/${encodeURIComponent(commentId)}`;
}

/** The blocked issue and its blocker; GitHub stores the relation on the blocked one. Throws `unsupported` for other relations. */
function endsOf(
  issue: IssueAddress,
  { type, target }: RelationChange,
): { blocked: IssueAddress; blocker: IssueAddress } {
  if (type === "blocks") return { blocked: target, blocker: issue };
  if (type === "blocked_by") return { blocked: issue, blocker: target };
  throw new PanopticonError("unsupported", `GitHub has no relation "${type}" between issues.`, {
    tracker: "github",
    hint: "GitHub only supports blocks and blocked_by.",
  });
}

/** Whether the relation exists. GitHub's refusals of a change that was already made have no code of their own. */
async function isBlocked(
  client: GithubClient,
  blocked: IssueAddress,
  blocker: IssueAddress,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const blockers = await client.fetchDependencies(blocked.sourceKey, numberOf(blocked.key), "blocked_by", signal);
  return blockers.some(({ id }) => String(id) === blocker.nativeId);
}

function isRefusal(error: unknown, code: PanopticonError["code"]): boolean {
  return error instanceof PanopticonError && error.code === code;
}
