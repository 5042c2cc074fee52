import { foldName } from "./fold-name.ts";
import type { NativeIssue } from "./issue.ts";
import { type FieldChange, isScalarChange, type NativeDraft, type ScalarChange } from "./operation.ts";
import { valueOf } from "./overlay.ts";

/** What a draft asked for and the issue that came of it does not have. `labelNames`: what the issue's labels are called. */
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
 * The same of an issue that was found: it has been there for a while, and what it has by now may be somebody's change, which is left. The create said the texts, and
 * what it could not say is empty, or a state that is still open.
 */
export function unsaidOfFound(...asked: Parameters<typeof unsaidOf>): readonly FieldChange[] {
  const [, found] = asked;
  return unsaidOf(...asked).filter((change) => {
    if (!isScalarChange(change)) return true;
    if (change.field === "title" || change.field === "body") return false;
    return change.field === "state" ? found.closedAt === null : change.from === null;
  });
}
