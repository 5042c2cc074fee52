import { isPanopticonError, PanopticonError } from "../../../domain/error.ts";
import type { NativeIssue } from "../../../domain/issue.ts";
import type { IssueAddress } from "../../../domain/operation.ts";
import { beforehand } from "../../beforehand.ts";
import { parseBody } from "../../http/parse-body.ts";
import type { Source, TrackerWriter, WriteAnswer, WrittenComment } from "../../tracker.ts";
import { postFields } from "../client.ts";
import { artifactFields } from "../fields.ts";
import { findComments, findCreated } from "./find-written.ts";
import { kindOfItem } from "./item-kind.ts";
import { toParentAttributes } from "./item-parent.ts";
import { findRef } from "./item-paths.ts";
import { tagOf } from "../learned.ts";
import { markdownToHtml } from "../text/markdown-to-html.ts";
import { readMarker, toMarker } from "../marker.ts";
import { toNewItem, toOwnAttributes, typeOfDraft, typeOfItem } from "./new-item.ts";
import { toFormValue } from "./own-values.ts";
import { fieldOf } from "../../http/parse-body.ts";
import { compare } from "../query.ts";
import { changeRelation } from "./relations.ts";
import { isSameText } from "../text/same-text.ts";
import { findTagRefs, makeTag } from "./tags.ts";
import { readVersion } from "../version.ts";
import type { Attributes } from "./write-client.ts";
import { planEdit, StepRequest } from "./write-plan.ts";
import type { RallyParts } from "../parts.ts";
import { type FoundIssue, parsePost, toFound, toWrittenComment } from "./written.ts";

/** Writes to Rally. Every write is sent once; what it needs is looked up before. */
export function createRallyWriter(parts: RallyParts): TrackerWriter {
  const { client, writes, places, learned } = parts;
  const workspaceOf = async (source: Source, signal?: AbortSignal) => (await places.scopeOf(source, signal)).workspace;

  return {
    async plan(source, issue, edit) {
      const workspace = await workspaceOf(source);
      return planEdit(issue, edit, {
        server: client.baseUrl,
        tagOf: (name) => tagOf(learned, workspace, name),
      });
    },
    async perform(source, issue, step, signal) {
      const request = parseBody(StepRequest, step.request, { tracker: "rally", what: step.name });
      return performStep(parts, await beforehand(() => workspaceOf(source, signal)), issue, request, signal);
    },

    async create(source, draft, mark, signal): Promise<FoundIssue> {
      const { workspace, path, attributes } = await beforehand(async () => {
        const scope = await places.scopeOf(source, signal);
        const type = typeOfDraft(draft, await places.typesOf(scope.workspace, signal));
        const made = await toNewItem(parts, scope, draft, type, mark, signal);
        return { workspace: scope.workspace, path: type.path, attributes: made };
      });
      const { object, requestedAt } = await writes.create(path, attributes, { workspace, signal });
      const found = await toFound(parts, workspace, object, requestedAt);
      learned.keepsMarks = readVersion(found.issue.version).mark === mark.id.toLowerCase();
      learned.made.set(found.issue.nativeId, true);
      return found;
    },
    findCreated: (source, draft, mark, signal) => findCreated(parts, source, draft, mark, signal),

    async comment(source, issue, body, mark, signal): Promise<WrittenComment> {
      const { workspace, ref } = await beforehand(() => refOf(parts, source, issue, signal));
      const attributes = { Artifact: { _ref: ref }, Text: markdownToHtml(body, client.baseUrl) + toMarker(mark.id) };
      const { object } = await writes.create("conversationpost", attributes, { workspace, fetch: postFields, signal });
      const post = parsePost(object);
      learned.keepsMarks = readMarker(post.Text ?? "").id === mark.id.toLowerCase();
      learned.made.set(String(post.ObjectID), true);
      return toWrittenComment(parts, post);
    },
    findComments: (source, issue, body, mark, signal) => findComments(parts, source, issue, body, mark, signal),
    async editComment(source, _issue, commentId, body, signal) {
      const workspace = await beforehand(() => workspaceOf(source, signal));
      const attributes = { Text: markdownToHtml(body, client.baseUrl) };
      const options = { workspace, fetch: postFields, signal };
      const { object } = await writes.update("conversationpost", commentId, attributes, options);
      return toWrittenComment(parts, parsePost(object));
    },
    async deleteComment(source, _issue, commentId, signal) {
      const workspace = await beforehand(() => workspaceOf(source, signal));
      try {
        await writes.remove("conversationpost", commentId, workspace, signal);
      } catch (error) {
        if (!isPanopticonError(error) || error.code !== "not_found") throw error;
      }
    },

    relate: async (source, issue, relation, signal) =>
      changeRelation(
        parts,
        await beforehand(() => workspaceOf(source, signal)),
        { issue, relation, action: "add" },
        signal,
      ),
    unrelate: async (source, issue, relation, signal) =>
      changeRelation(
        parts,
        await beforehand(() => workspaceOf(source, signal)),
        { issue, relation, action: "remove" },
        signal,
      ),
    ownValues: async (source, issue, ids, signal) =>
      readOwnValues(parts, await workspaceOf(source, signal), issue, ids, signal),
    sameText: async (written, found) => isSameText(written, found, client.baseUrl),
  };
}

async function refOf(parts: RallyParts, source: Source, issue: IssueAddress, signal: AbortSignal | undefined) {
  const { workspace } = await parts.places.scopeOf(source, signal);
  return { workspace, ref: await findRef(parts, workspace, issue.nativeId, signal) };
}

async function performStep(
  parts: RallyParts,
  workspace: string,
  issue: NativeIssue,
  request: StepRequest,
  signal: AbortSignal | undefined,
): Promise<WriteAnswer> {
  const { path } = kindOfItem(issue);
  const item = { type: path, oid: issue.nativeId, workspace };
  switch (request.kind) {
    case "make_tag":
      await makeTag(parts, workspace, request.name, signal);
      return null;
    case "add_tags":
    case "remove_tags": {
      const refs = await beforehand(() => findTagRefs(parts, workspace, request.tags, signal));
      const action = request.kind === "add_tags" ? "add" : "remove";
      await parts.writes.changeCollection(item, "Tags", action, refs, signal);
      return request.kind === "add_tags" && request.isRead ? readUnchanged(parts, item, issue, signal) : null;
    }
    case "update": {
      const attributes = await beforehand(() => toAttributes(parts, workspace, issue, request, signal));
      const { object, requestedAt } = await update(parts, item, attributes, issue, signal);
      return toFound(parts, workspace, object, requestedAt);
    }
  }
}

/**
 * Reads the item with the version created by adding tags, for the conditional request that follows, which was planned for the previous version. Throws
 * `conflict` if someone else changed the item in between.
 */
async function readUnchanged(
  parts: RallyParts,
  item: { readonly type: string; readonly oid: string; readonly workspace: string },
  before: NativeIssue,
  signal: AbortSignal | undefined,
): Promise<WriteAnswer> {
  const answer = await readItem(parts, item, signal);
  if (answer === null || !isChanged(before, answer.issue)) return answer;
  throw new PanopticonError("conflict", `Someone else changed ${before.key} in Rally at the same time.`, {
    tracker: "rally",
    hint: "Panopticon reads it again and compares the two changes.",
  });
}

/** Whether a value changed that an update could overwrite; tags are added and removed one by one. */
function isChanged(before: NativeIssue, now: NativeIssue): boolean {
  const written = ({ title, body, stateId, nativePriority, assigneeIds, cycleId, estimate, parentId }: NativeIssue) =>
    JSON.stringify([title, body, stateId, nativePriority, assigneeIds, cycleId, estimate, parentId]);
  return written(before) !== written(now);
}

/** Reads the item in one request. */
async function readItem(
  parts: RallyParts,
  { type, oid, workspace }: { readonly type: string; readonly oid: string; readonly workspace: string },
  signal: AbortSignal | undefined,
): Promise<WriteAnswer> {
  const page = await parts.client.fetchPage(
    {
      path: type,
      scope: { workspace, project: null },
      query: compare("ObjectID", "=", Number(oid)),
      fetch: artifactFields,
      size: 1,
    },
    signal,
  );
  const [raw] = page.records;
  return raw === undefined ? null : toFound(parts, workspace, raw, page.requestedAt);
}

/** The current values of the workspace's own fields of an item, in form format. One request. */
async function readOwnValues(
  { client, places }: RallyParts,
  workspace: string,
  issue: NativeIssue,
  ids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, unknown>> {
  const type = typeOfItem(issue.stateId, await places.typesOf(workspace, signal));
  const attributes = await places.attributesOf(workspace, type, signal);
  const page = await client.fetchPage(
    {
      path: kindOfItem(issue).path,
      scope: { workspace, project: null },
      query: compare("ObjectID", "=", Number(issue.nativeId)),
      fetch: ["ObjectID", ...ids],
      size: 1,
    },
    signal,
  );
  const values = new Map<string, unknown>();
  for (const id of ids) {
    const attribute = attributes.find(({ ElementName }) => ElementName === id);
    const value =
      attribute === undefined ? undefined : toFormValue(attribute, fieldOf(page.records[0], id), client.baseUrl);
    if (value !== undefined) values.set(id, value);
  }
  return values;
}

/** An edit in Rally's format. Keeps the mark of the operation that created the item. */
async function toAttributes(
  parts: RallyParts,
  workspace: string,
  issue: NativeIssue,
  { attributes, body, parent, fields }: Extract<StepRequest, { kind: "update" }>,
  signal: AbortSignal | undefined,
): Promise<Attributes> {
  const { kind } = kindOfItem(issue);
  const { mark } = readVersion(issue.version);
  const type = async () => typeOfItem(issue.stateId, await parts.places.typesOf(workspace, signal));
  return {
    ...attributes,
    ...(body === undefined
      ? {}
      : { Description: markdownToHtml(body, parts.client.baseUrl) + (mark === null ? "" : toMarker(mark)) }),
    ...(parent === undefined
      ? {}
      : await toParentAttributes(parts, workspace, { kind, present: issue.parentId }, parent, signal)),
    ...(fields === undefined ? {} : await toOwnAttributes(parts, workspace, await type(), fields, signal)),
  };
}

/**
 * Conditional on the version that was read, if the server supports it. A server that refuses the version gets the change without it, which leaves a window of
 * one request.
 */
async function update(
  { writes, learned }: RallyParts,
  { type, oid, workspace }: { readonly type: string; readonly oid: string; readonly workspace: string },
  attributes: Attributes,
  issue: NativeIssue,
  signal: AbortSignal | undefined,
) {
  const { id } = readVersion(issue.version);
  const isConditional = id !== null && learned.takesVersions !== false;
  try {
    return await writes.update(type, oid, isConditional ? { ...attributes, VersionId: id } : attributes, {
      workspace,
      signal,
    });
  } catch (error) {
    const isOdd = isPanopticonError(error) && error.code === "invalid_input" && /version\s?id/i.test(error.message);
    if (!isConditional || !isOdd) throw error;
    learned.takesVersions = false;
    return writes.update(type, oid, attributes, { workspace, signal });
  }
}
