import { isStatus, statuses, statusLabels, type Status } from "../../../src/domain/status.ts";
import type { OperationShape } from "../../../src/server/contract/change.ts";
import { fieldLabels, type FieldName } from "../fields/field-name.ts";

const names: ReadonlyMap<string, string> = new Map(
  Object.entries({
    title: "Title",
    body: "Description",
    state: "State",
    comment: "Comment",
  }),
);

/** A field's display name, such as `Due date`. A tracker's own fields keep their names. */
export function fieldWords(name: string): string {
  return names.get(name) ?? (Object.hasOwn(fieldLabels, name) ? fieldLabels[name as FieldName] : name);
}

/** A value's display text. */
export function valueWords(value: string | number | null): string {
  if (value === null || value === "") return "none";
  const text = String(value);
  return isStatus(text) ? statusLabels[text] : text;
}

/** The status with this label; null if it is none. */
export function statusOf(value: string | number | null): Status | null {
  return statuses.find((status) => statusLabels[status] === value) ?? null;
}

/** A short description of an operation: `status`, `title and labels`, `create`, `comment`. */
export function operationWords({
  kind,
  fields,
  sentAgain,
}: Pick<OperationShape, "kind" | "fields" | "sentAgain">): string {
  switch (kind) {
    case "create":
      return "new issue";
    case "comment":
      return sentAgain ? "restored comment" : "new comment";
    case "edit_comment":
      return "edited comment";
    case "delete_comment":
      return "deleted comment";
    case "relate":
      return "new relation";
    case "unrelate":
      return "removed relation";
    case "edit": {
      // A move writes a native state; the status already describes it.
      const shown = fields.some(({ name }) => name === "status")
        ? fields.filter(({ name }) => name !== "state")
        : fields;
      return shown.map(({ name }) => fieldWords(name).toLowerCase()).join(", ");
    }
  }
}
