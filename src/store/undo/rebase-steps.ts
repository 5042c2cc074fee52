import { type FieldChange, isSetChange, type SetChange } from "../../domain/operation.ts";
import type { Trx } from "../database/database.ts";
import { fieldKey } from "../outbox/fold.ts";
import type { Operation } from "../outbox/outbox.ts";
import { readSteps, saveSteps, type Step, stepsTo } from "./steps.ts";

/**
 * Lets the undo of an edit end at what it now replaces: the first of the steps that led to each value starts from the value that somebody else had given the
 * issue, and the user decided to replace. `fields`: the edit's changes, rebased on that.
 */
export async function rebaseSteps(
  db: Trx,
  operation: Pick<Operation, "id" | "issueId" | "fields">,
  fields: readonly FieldChange[],
): Promise<void> {
  const steps = await readSteps(db, operation.issueId);
  for (const change of operation.fields) {
    const now = fields.find((one) => fieldKey(one) === fieldKey(change));
    if (isSetChange(change) || change.field === "custom" || now === undefined || !("from" in now)) continue;
    const first = firstStep(steps, operation.id, change);
    if (first === undefined) continue;
    if (now.from !== change.from) {
      first.fields = first.fields.map(
        (one) => (fieldKey(one) === fieldKey(change) ? { ...one, from: now.from } : one) as FieldChange,
      );
      first.isChanged = true;
    }
    if (change.field === "status") leaveLabels(first, operation.fields, fields);
  }
  await saveSteps(db, steps);
}

/** The step that started from the value that a change starts from. */
function firstStep(
  steps: readonly Step[],
  operation: number,
  change: Exclude<FieldChange, { field: "labels" | "assignees" | "custom" }>,
): Step | undefined {
  const [step] = stepsTo(steps, operation, change).at(-1) ?? [];
  const own = step?.fields.find((one) => fieldKey(one) === fieldKey(change));
  return own !== undefined && "from" in own && own.from === change.from ? step : undefined;
}

/** The labels that the move now removes as well come back with its undo. */
function leaveLabels(step: Step, before: readonly FieldChange[], after: readonly FieldChange[]): void {
  const known = new Set(labelsOf(before)?.remove);
  const more = labelsOf(after)?.remove.filter((id) => !known.has(id)) ?? [];
  if (more.length === 0) return;
  const own = labelsOf(step.fields) ?? { field: "labels", add: [], remove: [] };
  const others = step.fields.filter((change) => change.field !== "labels");
  step.fields = [...others, { ...own, remove: [...own.remove, ...more] }];
  step.isChanged = true;
}

function labelsOf(fields: readonly FieldChange[]): SetChange | undefined {
  return fields.find((change): change is SetChange => change.field === "labels");
}
