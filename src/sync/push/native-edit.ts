import {
  type FieldChange,
  isSetChange,
  type LabelRef,
  newLabelName,
  type ScalarChange,
} from "../../domain/operation.ts";
import type { NativeEdit } from "../../trackers/tracker.ts";
import type { PushContext } from "./push-context.ts";

/** Converts changed fields for the tracker port: labels with their names, a parent with its address. */
export async function toNativeEdit(context: PushContext, fields: readonly FieldChange[]): Promise<NativeEdit> {
  let edit: NativeEdit = {};
  const names = fields.some((change) => change.field === "labels")
    ? await labelNames(context)
    : new Map<string, string>();
  const toRef = (id: string): LabelRef => ({ id, name: names.get(id) ?? newLabelName(id) ?? id });
  for (const change of fields) {
    if (isSetChange(change)) {
      edit =
        change.field === "labels"
          ? { ...edit, addLabels: change.add.map(toRef), removeLabels: change.remove.map(toRef) }
          : { ...edit, addAssignees: change.add, removeAssignees: change.remove };
    } else if (change.field === "status") {
      if (change.transition !== undefined) edit = { ...edit, transition: change.transition };
    } else if (change.field === "custom") edit = { ...edit, fields: { ...edit.fields, [change.id]: change.to } };
    else edit = { ...edit, ...(await toScalar(context, change)) };
  }
  return edit;
}

async function toScalar(context: PushContext, { field, to }: ScalarChange): Promise<NativeEdit> {
  const text = to === null ? null : String(to);
  switch (field) {
    case "title":
      return { title: text ?? "" };
    case "body":
      return { body: text ?? "" };
    case "state":
      return text === null ? {} : { stateId: text };
    case "priority":
      return { nativePriority: text };
    case "cycle":
      return { cycleId: text };
    case "dueDate":
      return { dueDate: text };
    case "estimate":
      return { estimate: to === null ? null : Number(to) };
    case "type":
      return text === null ? {} : { type: text };
    case "parent":
      return { parent: text === null ? null : await context.store.outbox.sending.address(context.row.id, text) };
  }
}

async function labelNames({ store, row }: PushContext): Promise<Map<string, string>> {
  const { labels } = await store.sources.vocabulary(row.id);
  return new Map(labels.map(({ id, name }) => [id, name]));
}
