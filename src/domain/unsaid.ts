import { foldName } from "./fold-name.ts";
import type { NativeIssue } from "./issue.ts";
import { type FieldChange, isScalarChange, type NativeDraft, type ScalarChange } from "./operation.ts";
import { valueOf } from "./overlay.ts";

/** What the draft requested but the created issue lacks. `labelNames`: the names of the issue's labels. */
export function unsaidOf(draft: NativeDraft, made: NativeIssue, labelNames: readonly string[]): readonly FieldChange[] {
  const scalar = (field: ScalarChange["field"], to: ScalarChange["to"]): readonly FieldChange[] => {
    const from = valueOf(made, field);
    return to === null || to === "" || to === from ? [] : [{ field, from, to }];
  };
  const named = new Set(labelNames.map(foldName));
  const labels = draft.labels.filter(({ id, name }) => !made.labelIds.includes(id) && !named.has(foldName(name)));
  const assignees = draft.assigneeIds.filter((id) => !made.assigneeIds.includes(id));
  return [
    ...scalar("title", draft.title),
    ...scalar("body", draft.body),
    ...scalar("type", draft.type),
    ...scalar("state", draft.stateId),
    ...scalar("priority", draft.nativePriority),
    ...scalar("cycle", draft.cycleId),
    ...scalar("dueDate", draft.dueDate),
    ...scalar("estimate", draft.estimate),
    ...scalar("parent", draft.parent?.nativeId ?? null),
    ...(labels.length > 0 ? [{ field: "labels" as const, add: labels.map(({ id }) => id), remove: [] }] : []),
    ...(assignees.length > 0 ? [{ field: "assignees" as const, add: assignees, remove: [] }] : []),
  ];
}

/**
 * The same for an issue that was found later, whose current values may be another person's changes and are kept. Title and body were part of the create
 * request; of the rest, returns missing labels and assignees, fields that are still empty, and the state while the issue is open.
 */
export function unsaidOfFound(...asked: Parameters<typeof unsaidOf>): readonly FieldChange[] {
  const [, found] = asked;
  return unsaidOf(...asked).filter((change) => {
    if (!isScalarChange(change)) return true;
    if (change.field === "title" || change.field === "body") return false;
    return change.field === "state" ? found.closedAt === null : change.from === null;
  });
}
