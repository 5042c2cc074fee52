import { sql } from "kysely";
import { type FieldChange, isSetChange, type OperationKind, type OperationState } from "../../domain/operation.ts";
import type { Trx } from "../database/database.ts";
import { fieldKey } from "../outbox/fold.ts";
import { closeEntries } from "./record-undo.ts";
import type { UndoableChange } from "./undo.ts";

/** An undo step of an edit that can still be undone, with the operation that first carried it. */
export type Step = {
  readonly id: number;
  fields: readonly FieldChange[];
  readonly carrier: { readonly id: number; readonly state: OperationState; readonly kind: OperationKind } | null;
  readonly carried: readonly FieldChange[];
  isChanged: boolean;
};

/** The steps of an issue, the latest first. */
export async function readSteps(db: Trx, issueId: number): Promise<Step[]> {
  const { rows } = await sql<{
    id: number;
    change: string;
    operation_id: number | null;
    state: OperationState | null;
    kind: OperationKind | null;
    fields: string | null;
  }>`
    select u.id, u.change, u.operation_id, o.state, o.kind, o.fields
    from undo_entry u left join operation o on o.id = u.operation_id
    where u.closed = 0 and u.issue_id = ${issueId} order by u.id desc`.execute(db);
  return rows.flatMap(({ id, change: written, operation_id: operation, state, kind, fields }) => {
    const change = JSON.parse(written) as UndoableChange;
    if (change.kind !== "edit") return [];
    const carrier = operation === null || state === null || kind === null ? null : { id: operation, state, kind };
    const carried = JSON.parse(fields ?? "[]") as readonly FieldChange[];
    return [{ id, fields: change.fields, carrier, carried, isChanged: false }];
  });
}

/** Whether an operation now carries this part of a step, because the step's own operation was folded into it, entirely or in this part. */
export function isCarriedBy({ carrier, carried }: Step, operation: number, change: FieldChange): boolean {
  if (carrier === null || carrier.id === operation || carrier.state === "merged") return true;
  return carrier.kind === "edit" && !carried.some((one) => fieldKey(one) === fieldKey(change));
}

/** The steps from the value that a change started with to its requested value, with what is left of each. */
export function stepsTo(
  steps: readonly Step[],
  operation: number,
  change: Exclude<FieldChange, { field: "labels" | "assignees" }>,
): readonly (readonly [Step, readonly FieldChange[]])[] {
  const found: (readonly [Step, readonly FieldChange[]])[] = [];
  let value: unknown = change.to;
  for (const step of steps) {
    const own = step.fields.find((one) => fieldKey(one) === fieldKey(change));
    if (own === undefined || isSetChange(own)) continue;
    if (!isCarriedBy(step, operation, own) || !isSame(own.to, value)) break;
    found.push([step, step.fields.filter((one) => one !== own)]);
    if (!("from" in own)) return found;
    value = own.from;
    if ("from" in change && isSame(value, change.from)) return found;
  }
  // The change started from a text that was outdated by then: the earlier steps are not its own.
  return found.slice(0, 1);
}

/** Stores the steps whose fields were changed; closes those with none left. */
export async function saveSteps(db: Trx, steps: readonly Step[]): Promise<void> {
  const changed = steps.filter(({ isChanged }) => isChanged);
  for (const step of changed.filter((one) => one.fields.length > 0)) {
    const change: UndoableChange = { kind: "edit", fields: step.fields };
    await sql`update undo_entry set change = ${JSON.stringify(change)} where id = ${step.id}`.execute(db);
  }
  const emptied = changed.filter((step) => step.fields.length === 0).map((step) => step.id);
  await closeEntries(db, emptied, "taken back");
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
