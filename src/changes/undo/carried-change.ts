import type { Operation } from "../../store/outbox/outbox.ts";
import type { UndoableChange, UndoEntry } from "../../store/undo/undo.ts";

/**
 * An operation's own changes as an undo entry, for operations without an entry of a session, such as an undo. null if it is settled without having been
 * written.
 */
export function carriedChange(operation: Operation): UndoEntry | null {
  const { state } = operation;
  if (state === "merged" || state === "dropped" || state === "undone") return null;
  const change = toChange(operation);
  if (change === null) return null;
  const { issueId, ref, session, createdAt: at } = operation;
  return { id: 0, session, issueId, ref, operation: operation.id, change, at };
}

function toChange({ kind, fields, payload }: Operation): UndoableChange | null {
  const { comment, relation } = payload;
  const { id, before, body } = comment ?? { id: null, before: null, body: null };
  switch (kind) {
    case "edit":
      return { kind, fields };
    case "create":
    case "comment":
      return { kind };
    case "edit_comment":
      return id === null ? null : { kind, commentId: id, before: before ?? "", after: body ?? "" };
    case "delete_comment":
      return id === null ? null : { kind, commentId: id, before: before ?? "" };
    case "relate":
    case "unrelate":
      return relation === undefined ? null : { kind, relation };
  }
}
