import { PanopticonError } from "../../../domain/error.ts";
import type { NativeIssue } from "../../../domain/issue.ts";
import type { HttpResponse } from "../../http/http-client.ts";
import type { Source } from "../../tracker.ts";
import { beforehand } from "../../beforehand.ts";
import { findLosses, readDocument, writeBody } from "../text/body-format.ts";
import type { JiraClient } from "../client.ts";
import { chooseEstimateField } from "./estimate-field.ts";
import { toFieldValue, type ValueContext } from "./field-meta.ts";
import { richBody } from "../map.ts";
import type { ProjectForms } from "../project-forms.ts";
import { EditMeta } from "../schema.ts";
import type { EditRequest } from "./write-plan.ts";

export type Editing = {
  readonly client: JiraClient;
  readonly forms: ProjectForms;
  readonly values: (signal: AbortSignal | undefined) => Promise<ValueContext>;
};

/** Sends a change of fields. Cloud returns the whole issue, Data Center nothing. */
export async function performEdit(
  editing: Editing,
  source: Source,
  issue: NativeIssue,
  request: EditRequest,
  signal: AbortSignal | undefined,
): Promise<HttpResponse> {
  const { client } = editing;
  const { isCloud } = await client.getSite(signal);
  const body = await beforehand(() => toBody(editing, source, issue, request, signal));
  const query = isCloud ? { returnIssue: true } : {};
  const response = await client.send("PUT", pathOf(issue), { query, body, signal });
  client.ownWrites.remember(issue.nativeId);
  return response;
}

function pathOf({ nativeId }: Pick<NativeIssue, "nativeId">): string {
  return `/issue/${encodeURIComponent(nativeId)}`;
}

type Changes = { readonly fields: Record<string, unknown>; readonly update: Record<string, unknown[]> };

async function toBody(
  editing: Editing,
  source: Source,
  issue: NativeIssue,
  request: EditRequest,
  signal: AbortSignal | undefined,
): Promise<object> {
  const { client, forms } = editing;
  const { isCloud } = await client.getSite(signal);
  const custom = await client.getCustomFields(signal);
  const context = await editing.values(signal);
  const { fields, update }: Changes = { fields: {}, update: {} };
  const { title, body, nativePriority, addLabels = [], removeLabels = [], assigneeId, cycleId, dueDate } = request;
  if (title !== undefined) fields["summary"] = title;
  if (body !== undefined) fields["description"] = await toDescription(editing, issue, body, signal);
  if (nativePriority !== undefined) fields["priority"] = nativePriority === null ? null : { id: nativePriority };
  if (addLabels.length + removeLabels.length > 0) {
    update["labels"] = [...addLabels.map((add) => ({ add })), ...removeLabels.map((remove) => ({ remove }))];
  }
  if (assigneeId !== undefined) fields["assignee"] = await toPersonField(context, assigneeId);
  if (dueDate !== undefined) fields["duedate"] = dueDate;
  if (cycleId !== undefined) fields[requireField(custom.sprints[0], "sprint")] = toSprint(cycleId);
  if (request.estimate !== undefined) {
    fields[await chooseEstimateField(editing, source, issue, signal)] = request.estimate;
  }
  if (request.parent !== undefined) setParent({ fields, update }, issue, request.parent, isCloud, custom.epicLinks[0]);
  if (request.type !== undefined) {
    const form = await forms.find(source, request.type, signal);
    if (form === undefined) throw unknownType(request.type, source);
    fields["issuetype"] = { id: form.id };
  }
  if (request.fields !== undefined) {
    Object.assign(fields, await toOwnFields(client, issue, request.fields, context, signal));
  }
  return {
    ...(Object.keys(fields).length > 0 ? { fields } : {}),
    ...(Object.keys(update).length > 0 ? { update } : {}),
  };
}

export async function toPersonField(context: ValueContext, id: string | null): Promise<object | null> {
  if (id === null) return null;
  return context.isCloud ? { accountId: id } : { name: await context.nameOf(id) };
}

/** The field takes the sprint's number, whatever it returns. */
export function toSprint(cycleId: string | null): number | null {
  return cycleId === null ? null : Number(cycleId);
}

export function requireField(id: string | undefined, what: string): string {
  if (id !== undefined) return id;
  throw new PanopticonError("unsupported", `This Jira has no field for the ${what}.`, {
    tracker: "jira",
    hint: "Jira Software provides it; without Jira Software, only Jira's own fields can be set.",
  });
}

export function unknownType(type: string, { key }: Pick<Source, "key">): PanopticonError {
  return new PanopticonError("invalid_input", `${key} has no issues of the type "${type}".`, {
    tracker: "jira",
    field: "type",
    hint: "Choose one of the project's types; an administrator can add others.",
  });
}

/** Cloud has one parent field for all levels; Data Center stores an epic in a separate field, and cannot move sub-tasks. */
function setParent(
  { fields, update }: Changes,
  issue: NativeIssue,
  parent: NonNullable<EditRequest["parent"]> | null,
  isCloud: boolean,
  epicLink: string | undefined,
): void {
  if (isCloud) {
    if (parent === null) update["parent"] = [{ set: { none: true } }];
    else fields["parent"] = { id: parent.nativeId };
  } else if (issue.parentId !== null) {
    throw new PanopticonError("unsupported", `Jira Data Center cannot move a sub-task such as ${issue.key}.`, {
      tracker: "jira",
      field: "parent",
      hint: "Move it in Jira: More, then Move.",
    });
  } else fields[requireField(epicLink, "epic")] = parent?.key ?? null;
}

/**
 * The text in Jira's format. If the current body may contain more than Markdown can express, it is read and kept; if something would be lost, the edit is
 * refused.
 */
async function toDescription(
  { client }: Editing,
  issue: NativeIssue,
  markdown: string,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const { isCloud } = await client.getSite(signal);
  const format = isCloud ? "document" : "wiki";
  const files = issue.attachments ?? [];
  if (issue.version !== richBody) return writeBody(format, markdown, files);
  const response = await client.get(pathOf(issue), { fields: "description" }, signal);
  const before = readDocument(client.parseDescription(response));
  if (before === null) return writeBody(format, markdown, files);
  const losses = findLosses(format, before, files);
  if (losses !== null) throw wouldLose(issue, losses);
  return writeBody(format, markdown, files, before);
}

export function wouldLose(
  where: { readonly key: string; readonly url?: string },
  losses: readonly string[],
): PanopticonError {
  const what = losses.length === 0 ? "something" : losses.join(" and ");
  return new PanopticonError(
    "unsupported",
    `The text of ${where.key} holds ${what} that markdown cannot represent, and an edit here would lose it.`,
    {
      tracker: "jira",
      field: "body",
      hint: `Change the text in Jira${where.url === undefined ? "" : `: ${where.url}`}. All other fields can be changed here.`,
    },
  );
}

/** The project's own fields, in the format required by the issue's screen. */
async function toOwnFields(
  client: JiraClient,
  issue: NativeIssue,
  given: Readonly<Record<string, unknown>>,
  context: ValueContext,
  signal: AbortSignal | undefined,
): Promise<Record<string, unknown>> {
  const response = await client.get(`${pathOf(issue)}/editmeta`, {}, signal);
  const metas = client.parse(EditMeta, response, "editmeta").fields;
  const fields: Record<string, unknown> = {};
  for (const [id, value] of Object.entries(given)) {
    const meta = metas[id];
    if (meta === undefined) {
      throw new PanopticonError("invalid_input", `Jira's screen for ${issue.key} has no field ${id}.`, {
        tracker: "jira",
        field: id,
        hint: "A project administrator can add it to the screen.",
      });
    }
    fields[id] = await toFieldValue(id, meta, value, context);
  }
  return fields;
}
