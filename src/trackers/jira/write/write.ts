import type { HttpResponse } from "../../http/http-client.ts";
import { parseBody } from "../../http/parse-body.ts";
import type { ReadResult, TrackerWriter } from "../../tracker.ts";
import { afterwards } from "./afterwards.ts";
import { isSameText } from "../text/body-format.ts";
import type { JiraClient } from "../client.ts";
import { createIssue } from "./create-issue.ts";
import { findCreated } from "./find-created.ts";
import { fieldsOf, type Reading, toIssue, toSeen } from "../map.ts";
import { markKey } from "../marker.ts";
import { readOwnValues } from "./own-values.ts";
import type { JiraPeople } from "../people.ts";
import { type Editing, performEdit } from "./perform-edit.ts";
import { findChoices, type Moving, performMove } from "./perform-move.ts";
import type { ProjectForms } from "../project-forms.ts";
import { createSeenTransitions } from "./transitions.ts";
import { addComment, deleteComment, editComment, findComments } from "./write-comments.ts";
import { createLinks } from "./write-links.ts";
import { planEdit, StepRequest } from "./write-plan.ts";

/** Writes to Jira. Every write is sent once; what it needs is looked up before. */
export function createJiraWriter(
  client: JiraClient,
  { forms, people }: { readonly forms: ProjectForms; readonly people: JiraPeople },
): TrackerWriter {
  const values = async (signal: AbortSignal | undefined) => ({
    isCloud: (await client.getSite(signal)).isCloud,
    nameOf: (key: string) => people.nameOf(key, signal),
  });
  const editing: Editing = { client, forms, values };
  const moving: Moving = { client, seen: createSeenTransitions(() => client.serverNow()), values };
  const links = createLinks(client);

  async function readingOf(signal: AbortSignal | undefined): Promise<Reading> {
    const [site, custom] = [await client.getSite(signal), await client.getCustomFields(signal)];
    return { server: client.baseUrl, site, custom };
  }

  async function toAnswer(
    response: HttpResponse,
    signal: AbortSignal | undefined,
  ): Promise<Extract<ReadResult, { kind: "issue" }>> {
    const reading = await readingOf(signal);
    const issue = client.parseIssue(response);
    client.ownWrites.sawFresh(issue.id, issue.fields.updated);
    const { requestedAt } = response;
    return { kind: "issue", issue: toIssue(issue, reading), seen: toSeen([issue], reading), requestedAt };
  }

  return {
    plan: async (_source, issue, edit) => planEdit(issue, edit),

    async perform(source, issue, step, signal) {
      const request = parseBody(StepRequest, step.request, { tracker: "jira", what: step.name });
      if (request.kind === "move") {
        await performMove(moving, source, issue, request, signal);
        return null;
      }
      const response = await performEdit(editing, source, issue, request, signal);
      return response.body === undefined ? null : toAnswer(response, signal);
    },

    choices: (source, issue, stateIds, signal) => findChoices(moving, source, issue, stateIds, signal),

    async create(source, draft, mark, signal) {
      const { id, key } = await createIssue(editing, source, draft, mark, signal);
      return afterwards(`made ${key}`, async () => {
        const { custom } = await readingOf(signal);
        const query = { fields: fieldsOf(custom).join(","), properties: markKey };
        return toAnswer(await client.get(`/issue/${encodeURIComponent(id)}`, query, signal), signal);
      });
    },
    findCreated: (source, draft, mark, signal) => findCreated(client, source, draft, mark, signal),

    comment: (_source, issue, body, mark, signal) => addComment(client, issue, body, mark, signal),
    findComments: (_source, issue, _body, mark, signal) => findComments(client, issue, mark, signal),
    editComment: (_source, issue, id, body, signal) => editComment(client, issue, id, body, signal),
    deleteComment: (_source, issue, id, signal) => deleteComment(client, issue, id, signal),

    relate: (_source, issue, relation, signal) => links.relate(issue, relation, signal),
    unrelate: (_source, issue, relation, signal) => links.unrelate(issue, relation, signal),

    ownValues: (_source, issue, ids, signal) => readOwnValues(client, issue, ids, signal),
    sameText: async (written, found) => isSameText(written, found),
  };
}
