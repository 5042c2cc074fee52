import { type FieldChange, isSetChange } from "../../domain/operation.ts";
import type { Trx } from "../database/database.ts";
import { withoutMembers } from "../outbox/fold.ts";
import type { Operation } from "../outbox/outbox.ts";
import { isCarriedBy, readSteps, saveSteps, type Step, stepsTo } from "./steps.ts";

/**
 * Closes the undo steps that led to the dropped fields of an edit, from the value it started with, in any session. That includes steps whose operation was
 * folded into this one; earlier written changes stay undoable.
 */
export async function giveUpSteps(
  db: Trx,
  { id, issueId }: Pick<Operation, "id" | "issueId">,
  fields: readonly FieldChange[],
): Promise<void> {
  const steps = await readSteps(db, issueId);
  for (const change of fields) {
    for (const [step, rest] of isSetChange(change) ? stepsToMembers(steps, id, change) : stepsTo(steps, id, change)) {
      step.fields = rest;
      step.isChanged = true;
    }
  }
  await saveSteps(db, steps);
}

/** The last step for each member of a set, with what is left of it. */
function* stepsToMembers(
  steps: readonly Step[],
  operation: number,
  change: Extract<FieldChange, { field: "labels" | "assignees" }>,
): Generator<readonly [Step, readonly FieldChange[]]> {
  for (const member of [...change.add, ...change.remove]) {
    const step = steps.find(({ fields }) =>
      fields.some((one) => one.field === change.field && isSetChange(one) && isAbout(one, member)),
    );
    const own = step?.fields.find((one) => one.field === change.field);
    if (step === undefined || own === undefined || !isSetChange(own) || !isCarriedBy(step, operation, own)) continue;
    if (own.add.includes(member) !== change.add.includes(member)) continue;
    yield [step, step.fields.flatMap((one) => (one === own ? (withoutMembers(own, [member]) ?? []) : [one]))];
  }
}

function isAbout({ add, remove }: Extract<FieldChange, { field: "labels" | "assignees" }>, member: string): boolean {
  return add.includes(member) || remove.includes(member);
}
