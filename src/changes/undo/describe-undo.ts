import type { FieldChange } from "../../domain/operation.ts";
import { ownFieldWords } from "../../domain/own-field-words.ts";
import { statusLabels } from "../../domain/status.ts";
import type { SourceForm } from "../../store/sources/source-row.ts";
import type { UndoableChange, UndoEntry } from "../../store/undo/undo.ts";
import { fieldWords } from "../words/field-words.ts";

/** Describes what was undone: `moved shop#1 back to Backlog`. `isSentAnew`: it had to be sent again because its tracker no longer had it. */
export function describeUndo(
  { ref, change }: Pick<UndoEntry, "ref" | "change">,
  isSentAnew: boolean,
  form: SourceForm | null,
): string {
  switch (change.kind) {
    case "edit":
      return describeEdit(ref, change.fields, form);
    case "create":
      return `undid the creation of ${ref}`;
    case "comment":
      return `removed the comment on ${ref}`;
    case "edit_comment":
      return `restored the text of a comment on ${ref}`;
    case "delete_comment":
      return `restored the comment on ${ref}${isSentAnew ? "; it is sent again, with a new time and id" : ""}`;
    case "rank":
      return `moved ${ref} back to its place`;
    default:
      return describeRelation(ref, change);
  }
}

const words = { ...fieldWords, status: "status" };

function describeEdit(ref: string, fields: readonly FieldChange[], form: SourceForm | null): string {
  const move = fields.find((change) => change.field === "status");
  if (move?.field === "status" && move.from !== move.to) return `moved ${ref} back to ${statusLabels[move.from]}`;
  const names = new Set(
    fields.map((change) => (change.field === "custom" ? ownFieldWords(form, change).name : words[change.field])),
  );
  return `restored the ${[...names].join(" and ")} of ${ref}`;
}

function describeRelation(
  ref: string,
  change: Extract<UndoableChange, { kind: "relate" | "unrelate" | "link" | "unlink" }>,
): string {
  const type = ("relation" in change ? change.relation.type : change.type).replaceAll("_", " ");
  return change.kind === "relate" || change.kind === "link"
    ? `removed a relation of ${ref} (${type})`
    : `restored a relation of ${ref} (${type})`;
}
