import type { CustomChange, FieldChange } from "../../domain/operation.ts";
import type { Operation } from "../../store/outbox/outbox.ts";
import type { Parts } from "../parts.ts";

/** Operations of an issue that are looked through, the newest first. */
const mostRecent = 200;

/**
 * Changed fields with what the tracker's own ones were before, which is written down when they are sent: by the operation that carried the change, or by the one it was
 * folded into. `unsent`: nothing of it was sent, and dropping that operation takes it back.
 */
export async function findFormerValues(
  { store }: Pick<Parts, "store">,
  issueId: number,
  fields: readonly FieldChange[],
  carrier: Operation | null,
): Promise<{ readonly fields: readonly FieldChange[]; readonly unsent: Operation | null }> {
  const lacking = fields.filter((change): change is CustomChange => change.field === "custom" && !("from" in change));
  if (lacking.length === 0) return { fields, unsent: null };
  const recent = await store.outbox.list({ issueId, limit: mostRecent });
  const since = recent.filter(({ id }) => id >= (carrier?.id ?? 0)).toReversed();
  const unsent = since.find(
    (operation) =>
      (operation.state === "queued" || operation.state === "waiting") &&
      operation.fields.length === fields.length &&
      fields.every((change) => operation.fields.some((one) => isSame(one, change))),
  );
  if (unsent !== undefined) return { fields, unsent };
  const known = fields.map((change) => {
    if (change.field !== "custom" || "from" in change) return change;
    const told = since
      .flatMap((operation) => operation.fields)
      .find((one) => isSameField(one, change) && "from" in one);
    return told !== undefined && "from" in told ? { ...change, from: told.from } : change;
  });
  return { fields: known, unsent: null };
}

/** Whether both change the same field; each of the tracker's own fields is one by itself. */
export function isSameField(one: FieldChange, other: FieldChange): boolean {
  return one.field === other.field && (one.field !== "custom" || one.id === (other as CustomChange).id);
}

function isSame(one: FieldChange, other: FieldChange): boolean {
  const toOf = (change: FieldChange) => JSON.stringify("to" in change ? change.to : [change.add, change.remove]);
  return isSameField(one, other) && toOf(one) === toOf(other);
}
