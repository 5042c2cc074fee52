import { PanopticonError, toPanopticonError } from "../../domain/error.ts";
import type { NativeIssue } from "../../domain/issue.ts";
import type { CustomChange, FieldChange } from "../../domain/operation.ts";
import { ownFieldWords } from "../../domain/own-field-words.ts";
import type { Operation } from "../../store/outbox/outbox.ts";
import type { PushContext } from "./push-context.ts";

/**
 * Adds the values of the tracker's own fields just before the write to an edit's fields, as far as they can be read: these fields are not mirrored, and undo
 * needs them. `changedSince`: a field has neither the expected nor the requested value, so another person changed it.
 */
export async function withFormerValues(
  context: PushContext,
  operation: Pick<Operation, "fields" | "state" | "ref">,
  issue: NativeIssue,
): Promise<{ readonly fields: readonly FieldChange[]; readonly changedSince: PanopticonError | null }> {
  const { fields, state } = operation;
  const own = fields.filter((change): change is CustomChange => change.field === "custom");
  // After a lost answer, the present value may be the one that was sent.
  if (own.length === 0 || state === "unknown") return { fields, changedSince: null };
  const values = await readValues(context, issue, own);
  for (const change of own) {
    if (!("from" in change) || !values.has(change.id)) continue;
    const present = values.get(change.id);
    if ((await isSame(context, change.from, present)) || (await isSame(context, change.to, present))) continue;
    return { fields, changedSince: changed(operation.ref, ownFieldWords(context.row.form, change).name) };
  }
  const known = fields.map((change) =>
    change.field === "custom" && !("from" in change) && values.has(change.id)
      ? { ...change, from: values.get(change.id) }
      : change,
  );
  return { fields: known, changedSince: null };
}

/** A failure to read does not prevent the write, except network failures and limits, which the write would meet too. */
async function readValues(
  { write, source, signal }: PushContext,
  issue: NativeIssue,
  own: readonly CustomChange[],
): Promise<ReadonlyMap<string, unknown>> {
  if (write.ownValues === undefined) return new Map();
  try {
    return await write.ownValues(
      source,
      issue,
      own.map(({ id }) => id),
      signal,
    );
  } catch (error) {
    const { code } = toPanopticonError(error);
    if (code === "forbidden" || code === "not_found" || code === "invalid_response" || code === "unsupported") {
      return new Map();
    }
    throw error;
  }
}

async function isSame({ write }: PushContext, one: unknown, other: unknown): Promise<boolean> {
  if (JSON.stringify(one ?? null) === JSON.stringify(other ?? null)) return true;
  return typeof one === "string" && typeof other === "string" && (await write.sameText?.(one, other)) === true;
}

function changed(ref: string, name: string): PanopticonError {
  return new PanopticonError("conflict", `${name} of ${ref} was changed in the tracker since.`, {
    hint: "Retry to write it anyway; drop it to keep the tracker's value.",
  });
}
