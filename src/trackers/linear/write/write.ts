import { isPanopticonError } from "../../../domain/error.ts";
import type { Label } from "../../../domain/issue.ts";
import type { NativeDraft } from "../../../domain/operation.ts";
import type { HttpClient } from "../../http/http-client.ts";
import { parseBody } from "../../http/parse-body.ts";
import type { OperationMark, Source, TrackerWriter, WrittenComment } from "../../tracker.ts";
import { isInsertConflict } from "../errors.ts";
import type { LinearClient } from "../client.ts";
import { toDraftInput } from "./draft-input.ts";
import { EditRequest } from "./edit-request.ts";
import { createIssueLabels } from "./issue-labels.ts";
import { toComment } from "../map.ts";
import { type FoundIssue, toFoundIssue } from "../read-issue.ts";
import { relate, unrelate } from "./relations.ts";
import type { Comment } from "../schema.ts";
import { colorOfType } from "./state-colors.ts";
import { teamFilter, teamNotFound } from "../team.ts";
import type { LinearWriteClient } from "./write-client.ts";
import { planEdit } from "./write-plan.ts";
import { createWrittenTexts } from "./written-texts.ts";

/**
 * Linear's writer. An edit is one request that returns the whole issue. Issues and comments are created with client-made ids (UUIDs of version 4,
 * `IssueCreateInput.id`), which serve as idempotency keys: Linear refuses a duplicate id, and one read finds the result of a lost response.
 */
export function createLinearWriter(http: HttpClient, read: LinearClient, write: LinearWriteClient): TrackerWriter {
  const labels = createIssueLabels(write);
  const texts = createWrittenTexts();

  async function teamIdOf(source: Source, signal: AbortSignal | undefined): Promise<string> {
    if (source.nativeId !== null) return source.nativeId;
    const team = await read.findTeamId(teamFilter(source), signal);
    if (team === null) throw teamNotFound(source);
    return team;
  }

  function toWritten(raw: unknown, requestedAt: number, body: string | undefined, made: readonly Label[]): FoundIssue {
    const found = toFoundIssue(raw, http.baseUrl, requestedAt);
    if (body !== undefined) texts.learn(body, found.issue.body);
    return made.length === 0 ? found : { ...found, seen: { ...found.seen, labels: made } };
  }

  async function findCreated(source: Source, id: string, signal: AbortSignal | undefined): Promise<FoundIssue[]> {
    const { data, requestedAt } = await read.fetchIssue(
      { team: teamFilter(source), filter: { id: { eq: id } } },
      signal,
    );
    return data.issues.nodes.map((raw) => toFoundIssue(raw, http.baseUrl, requestedAt));
  }

  async function findComment(issueId: string, id: string, signal: AbortSignal | undefined): Promise<WrittenComment[]> {
    const comment = await write.findComment(id, issueId, signal);
    return comment === undefined ? [] : [toWrittenComment(comment)];
  }

  return {
    plan: async (source, issue, edit) =>
      planEdit(issue, edit, { isSameText: texts.isSame, labelId: (name) => labels.idOf(source, name) }),

    async perform(source, issue, step, signal) {
      const { input, addLabels, removeLabelIds } = parseBody(EditRequest, step.request, {
        tracker: "linear",
        what: "a kept change",
      });
      const { ids: added, made } = await labels.ensure(source, addLabels, signal);
      const change = {
        ...input,
        ...(added.length === 0 ? {} : { addedLabelIds: added }),
        ...(removeLabelIds.length === 0 ? {} : { removedLabelIds: removeLabelIds }),
      };
      let answer: Awaited<ReturnType<LinearWriteClient["updateIssue"]>>;
      try {
        answer = await write.updateIssue(issue.nativeId, change, signal);
      } catch (error) {
        // A refused change was not carried out: send it again, with the group's label exchanged.
        const labelIds = await labels.exchange(error, issue, { added, removed: removeLabelIds }, signal);
        if (labelIds === null) throw error;
        answer = await write.updateIssue(issue.nativeId, { ...input, labelIds }, signal);
      }
      const body = typeof input["description"] === "string" ? input["description"] : undefined;
      return answer.raw === null ? null : toWritten(answer.raw, answer.requestedAt, body, made);
    },

    async create(source: Source, draft: NativeDraft, mark: OperationMark, signal) {
      const input = toDraftInput(draft);
      const teamId = await teamIdOf(source, signal);
      const { ids, made } = await labels.ensure(source, draft.labels, signal);
      try {
        const { raw, requestedAt } = await write.createIssue(
          { ...input, id: mark.id, teamId, ...(ids.length === 0 ? {} : { labelIds: ids }) },
          signal,
        );
        return toWritten(raw, requestedAt, draft.body, made);
      } catch (error) {
        if (!isInsertConflict(error, mark.id)) throw error;
        // An earlier request whose response was lost created it.
        const [found] = await findCreated(source, mark.id, signal);
        if (found === undefined) throw error;
        return made.length === 0 ? found : { ...found, seen: { ...found.seen, labels: made } };
      }
    },

    findCreated: async (source, _draft, mark, signal) =>
      mark.firstSentAt === null ? [] : findCreated(source, mark.id, signal),

    async comment(_source, issue, body, mark, signal, replyTo) {
      const input = { id: mark.id, issueId: issue.nativeId, body };
      try {
        const written = await createInThread(write, input, replyTo, signal);
        texts.learn(body, written.body);
        return toWrittenComment(written);
      } catch (error) {
        if (!isInsertConflict(error, mark.id)) throw error;
        const [found] = await findComment(issue.nativeId, mark.id, signal);
        if (found === undefined) throw error;
        return found;
      }
    },

    findComments: async (_source, issue, _body, mark, signal) =>
      mark.firstSentAt === null ? [] : findComment(issue.nativeId, mark.id, signal),

    async editComment(_source, _issue, commentId, body, signal) {
      const written = await write.updateComment(commentId, { body }, signal);
      texts.learn(body, written.body);
      return toWrittenComment(written);
    },

    async deleteComment(_source, _issue, commentId, signal) {
      try {
        await write.deleteComment(commentId, signal);
      } catch (error) {
        if (!isPanopticonError(error) || error.code !== "not_found") throw error;
      }
    },

    sameText: async (written, found) => texts.isWhatBecameOf(written, found),

    relate: (_source, issue, relation, signal) => relate({ read, write }, issue, relation, signal),
    unrelate: (_source, issue, relation, signal) => unrelate({ read, write }, issue, relation, signal),

    async createState(source, name, { category }, signal) {
      const teamId = await teamIdOf(source, signal);
      const present = await write.findState(teamId, name, signal);
      if (present !== undefined) return { stateId: present };
      const input = { teamId, name, type: category, color: colorOfType(category) };
      return { stateId: await write.createState(input, signal) };
    },
  };
}

/** A refused comment was not created: if the thread is gone, the comment starts its own. */
async function createInThread(
  write: LinearWriteClient,
  input: Readonly<Record<string, unknown>>,
  replyTo: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Comment> {
  if (replyTo === undefined) return write.createComment(input, signal);
  try {
    return await write.createComment({ ...input, parentId: replyTo }, signal);
  } catch (error) {
    if (!isPanopticonError(error) || error.code !== "not_found") throw error;
    return write.createComment(input, signal);
  }
}

function toWrittenComment(written: Comment): WrittenComment {
  const { comment, author } = toComment(written);
  return { comment, seen: author === null ? {} : { people: [author] } };
}
