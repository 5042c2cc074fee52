import type { NativeDraft } from "../../../domain/operation.ts";
import type { OperationMark, Source } from "../../tracker.ts";
import { beforehand } from "../../beforehand.ts";
import { writeBody } from "../text/body-format.ts";
import { toFieldValue } from "./field-meta.ts";
import { toProperties } from "../marker.ts";
import { type Editing, toPersonField, toSprint, unknownType } from "./perform-edit.ts";
import { CreatedIssue } from "../schema.ts";

/** Creates an issue; returns its id and key. Fields that the create screen does not show are left out and set afterwards. */
export async function createIssue(
  editing: Editing,
  source: Source,
  draft: NativeDraft,
  mark: OperationMark,
  signal: AbortSignal | undefined,
): Promise<CreatedIssue> {
  const { client } = editing;
  const fields = await beforehand(() => toFields(editing, source, draft, signal));
  const body = { fields, properties: toProperties(mark) };
  const response = await client.send("POST", "/issue", { body, signal });
  const created = client.parse(CreatedIssue, response, "the new issue");
  client.ownWrites.remember(created.id);
  return created;
}

async function toFields(
  editing: Editing,
  source: Source,
  draft: NativeDraft,
  signal: AbortSignal | undefined,
): Promise<Record<string, unknown>> {
  const { client, forms } = editing;
  const { isCloud } = await client.getSite(signal);
  const custom = await client.getCustomFields(signal);
  const context = await editing.values(signal);
  const form = await forms.find(source, draft.type, signal);
  if (form === undefined) throw unknownType(draft.type ?? "", source);
  const metas = form.fields;
  const shows = (id: string | undefined): id is string =>
    id !== undefined && (metas === null || metas.some((field) => field.id === id));
  const project = source.nativeId === null ? { key: source.key } : { id: source.nativeId };
  const fields: Record<string, unknown> = { project, issuetype: { id: form.id }, summary: draft.title };
  const description = writeBody(isCloud ? "document" : "wiki", draft.body, []);
  if (description !== null) fields["description"] = description;
  if (draft.nativePriority !== null && shows("priority")) fields["priority"] = { id: draft.nativePriority };
  if (draft.labels.length > 0 && shows("labels")) fields["labels"] = draft.labels.map(({ name }) => name);
  const [assigneeId] = draft.assigneeIds;
  if (assigneeId !== undefined && shows("assignee")) fields["assignee"] = await toPersonField(context, assigneeId);
  if (draft.dueDate !== null && shows("duedate")) fields["duedate"] = draft.dueDate;
  const sprint = custom.sprints.find(shows);
  if (draft.cycleId !== null && sprint !== undefined) fields[sprint] = toSprint(draft.cycleId);
  const points = custom.points.filter(shows);
  // Of two, only one belongs to the project; which one is known once the issue exists.
  if (draft.estimate !== null && points.length === 1) fields[points[0] ?? ""] = draft.estimate;
  if (draft.parent !== null) {
    const epicLink = custom.epicLinks.find(shows);
    if (isCloud || form.isSubtask) fields["parent"] = { id: draft.parent.nativeId };
    else if (metas !== null && epicLink !== undefined) fields[epicLink] = draft.parent.key;
  }
  for (const field of metas ?? []) {
    // An epic's own name is its title until someone changes it.
    if (field.schema.custom?.endsWith(":gh-epic-label")) fields[field.id] = draft.title;
  }
  for (const [id, value] of Object.entries(draft.fields)) {
    const meta = metas?.find((field) => field.id === id);
    fields[id] = meta === undefined ? value : await toFieldValue(id, meta, value, context);
  }
  return fields;
}
