import { PanopticonError } from "../../../domain/error.ts";
import type { NativeDraft } from "../../../domain/operation.ts";
import { checkEstimate, tooManyAssignees, toPriority } from "./write-plan.ts";

/** A draft as `IssueCreateInput`, without id, team and labels; Linear's defaults apply to absent fields. Throws `invalid_input`, `unsupported`. */
export function toDraftInput(draft: NativeDraft): Readonly<Record<string, unknown>> {
  const [assigneeId] = draft.assigneeIds;
  if (draft.assigneeIds.length > 1) throw tooManyAssignees();
  const [field] = Object.keys(draft.fields);
  if (field !== undefined)
    throw new PanopticonError("unsupported", `Linear has no field "${field}".`, {
      tracker: "linear",
      hint: "Leave it out: Linear has no custom fields.",
    });
  const input = {
    title: draft.title,
    description: draft.body === "" ? undefined : draft.body,
    stateId: draft.stateId ?? undefined,
    priority: draft.nativePriority === null ? undefined : toPriority(draft.nativePriority),
    assigneeId,
    cycleId: draft.cycleId ?? undefined,
    dueDate: draft.dueDate ?? undefined,
    estimate: checkEstimate(draft.estimate) ?? undefined,
    parentId: draft.parent?.nativeId,
  };
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}
