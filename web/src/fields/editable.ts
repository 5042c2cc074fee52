import type { SourceFormShape } from "../../../src/server/contract/change.ts";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import type { FieldName } from "./field-name.ts";

/** The tracker capability behind a field; null: every tracker has it. */
const capabilities: Record<FieldName, string | null> = {
  status: null,
  priority: "priority",
  assignees: null,
  labels: "labels",
  cycle: "cycles",
  dueDate: "dueDate",
  estimate: "estimate",
  parent: "parent",
  type: null,
};

type Tracker = Pick<TrackerShape, "capabilities" | "writing">;

/** Whether issues of this type have a field. Assumed while the form or tracker is not loaded. */
export function hasField(
  field: FieldName,
  type: string,
  form: Pick<SourceFormShape, "types" | "priorities"> | undefined,
  tracker: Tracker | undefined,
): boolean {
  const capability = capabilities[field];
  if (capability !== null && tracker?.capabilities[capability] === false) return false;
  if (form === undefined) return true;
  if (field === "priority" && form.priorities.length === 0) return false;
  const own = form.types.find(({ name }) => name === type);
  return own === undefined || own.has.includes(field === "status" ? "state" : field);
}

/** Whether a field of an existing issue is editable. */
export function canEdit(
  field: FieldName,
  type: string,
  form: Pick<SourceFormShape, "types" | "priorities" | "writable"> | undefined,
  tracker: Tracker | undefined,
): boolean {
  if (form?.writable.allowed === false) return false;
  if (field === "type" && (tracker?.writing.type === false || (form !== undefined && form.types.length < 2))) {
    return false;
  }
  return hasField(field, type, form, tracker);
}
