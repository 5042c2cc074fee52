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

/** What a changed field is called: `Due date`. A tracker's own field keeps its name. */
export function fieldWords(name: string): string {
  return names.get(name) ?? (Object.hasOwn(fieldLabels, name) ? fieldLabels[name as FieldName] : name);
}

/** A value as people read it. */
export function valueWords(value: string | number | null): string {
  if (value === null || value === "") return "none";
  const text = String(value);
  return isStatus(text) ? statusLabels[text] : text;
}

/** The status that the outbox's words for it mean; null for what is none. */
export function statusOf(value: string | number | null): Status | null {
  return statuses.find((status) => statusLabels[status] === value) ?? null;
}

/** What an entry of the outbox does, in few words: `status`, `title and labels`, `create`, `comment`. */
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
      // The state is how a move is written; the status says what it means.
      const shown = fields.some(({ name }) => name === "status")
        ? fields.filter(({ name }) => name !== "state")
        : fields;
      return shown.map(({ name }) => fieldWords(name).toLowerCase()).join(", ");
    }
  }
}
