import { PanopticonError, toPanopticonError } from "../../domain/error.ts";
import type { NativeIssue } from "../../domain/issue.ts";
import type { CustomChange, FieldChange } from "../../domain/operation.ts";
import { ownFieldWords } from "../../domain/own-field-words.ts";
import type { Operation } from "../../store/outbox/outbox.ts";
import type { PushContext } from "./push-context.ts";

/**
 * An edit's fields with what the tracker's own ones hold just before they are written, as far as that can be told: they are not mirrored, and an undo has to know.
 * `changedSince`: one is neither as it was thought to be nor as it is to become, so somebody else changed it.
 */
export async function withFormerValues(
  context: PushContext,
  operation: Pick<Operation, "fields" | "state" | "ref">,
  issue: NativeIssue,
): Promise<{ readonly fields: readonly FieldChange[]; readonly changedSince: PanopticonError | null }> {
  const { fields, state } = operation;
  const own = fields.filter((change): change is CustomChange => change.field === "custom");
  // What was sent and never answered may be what is there now.
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

/** Not being able to look is no reason not to write; the network's trouble and limits are those of the write too. */
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
