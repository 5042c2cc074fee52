import { PanopticonError } from "../../domain/error.ts";
import type { CustomChange, FieldChange } from "../../domain/operation.ts";
import type { Operation } from "../../store/outbox/outbox.ts";
import type { UndoEntry } from "../../store/undo/undo.ts";
import type { Parts } from "../parts.ts";

/** The number of an issue's operations to search, newest first. */
const maxRecent = 200;

/**
 * Adds the former values of the tracker's own fields to changed fields. They are recorded when the fields are sent: by the operation that carried the change,
 * or by the one it was folded into. `withdraw`: ids of unsent fields, which are removed from waiting operations and are not among `fields`. Throws `busy` for
 * one that is being sent.
 */
export async function findFormerValues(
  { store }: Pick<Parts, "store">,
  { issueId, ref }: Pick<UndoEntry, "issueId" | "ref">,
  fields: readonly FieldChange[],
  carrier: Operation | null,
): Promise<{ readonly fields: readonly FieldChange[]; readonly withdraw: readonly string[] }> {
  if (!fields.some(isUnknown)) return { fields, withdraw: [] };
  const recent = await store.outbox.listOf(issueId, maxRecent);
  const since = recent.filter(({ id }) => id >= (carrier?.id ?? 0)).toReversed();
  const withdraw: string[] = [];
  const known = fields.flatMap((change): readonly FieldChange[] => {
    if (!isUnknown(change)) return [change];
    const holders = since.filter((operation) => operation.fields.some((one) => isSameField(one, change)));
    const told = holders
      .flatMap((operation) => operation.fields)
      .find((one) => isSameField(one, change) && "from" in one);
    if (told !== undefined && "from" in told) return [{ ...change, from: told.from }];
    const holder = holders.find(({ settledAt }) => settledAt === null);
    if (holder?.state === "sending" || holder?.state === "unknown") {
      throw new PanopticonError("busy", `The change to ${ref} is being sent right now.`, {
        hint: "Try again in a moment.",
      });
    }
    const isWanted = holder?.fields.some(
      (one) => isSameField(one, change) && "to" in one && JSON.stringify(one.to) === JSON.stringify(change.to),
    );
    if (isWanted !== true) return [change];
    withdraw.push(change.id);
    return [];
  });
  return { fields: known, withdraw };
}

function isUnknown(change: FieldChange): change is CustomChange {
  return change.field === "custom" && !("from" in change);
}

/** Whether both change the same field; the tracker's own fields are compared by id. */
function isSameField(one: FieldChange, other: FieldChange): boolean {
  return one.field === other.field && (one.field !== "custom" || one.id === (other as CustomChange).id);
}
