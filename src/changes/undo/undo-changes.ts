import { isPanopticonError, PanopticonError } from "../../domain/error.ts";
import type { SourceForm } from "../../store/sources/source-row.ts";
import type { UndoEntry } from "../../store/undo/undo.ts";
import { carriedChange } from "./carried-change.ts";
import type { ChangeBy, Undone, UndoWhat } from "../changes.ts";
import { describeUndo } from "./describe-undo.ts";
import { type Parts, toMaking } from "../parts.ts";
import { takeBack, type TakenBack } from "./take-back.ts";

/**
 * Undoes the last step of a session, a named one, or what an operation carried. Skips what is already undone; does not retry what cannot be undone, so that the
 * next undo reaches the step before it. See `Changes.undo`.
 */
export async function undoChanges(parts: Parts, by: ChangeBy, what?: UndoWhat): Promise<Undone> {
  for (;;) {
    const entries = await findEntries(parts, by, what);
    if (entries.length === 0) throw await nothingToUndo(parts, by, what);
    const undone = await undoTogether(parts, by, entries);
    if (undone !== null) return undone;
    if (what !== undefined) throw await nothingToUndo(parts, by, what);
  }
}

/** Returns null if everything is already undone. */
async function undoTogether(parts: Parts, by: ChangeBy, entries: readonly UndoEntry[]): Promise<Undone | null> {
  const { store } = parts;
  const making = toMaking(by);
  const done: { readonly entry: UndoEntry; readonly how: TakenBack; readonly operation: number | null }[] = [];
  const failures = making.left;
  for (const entry of entries) {
    try {
      const how = await takeBack(parts, entry, making);
      if (how === "already") await store.undo.close([entry.id], "taken back");
      else done.push({ entry, how, operation: how === "dropped" ? null : await findInverse(parts, entry) });
    } catch (error) {
      if (!isPanopticonError(error)) throw error;
      if (error.code !== "busy") await store.undo.close([entry.id], "given up");
      failures.push(error);
    }
  }
  const [first] = done;
  const [failure] = failures;
  if (first === undefined) {
    if (failure !== undefined) throw failure;
    return null;
  }
  return {
    ref: first.entry.ref,
    operation: first.operation,
    what: describeAll(done, failures, await findForm(parts, first.entry)),
    problems: failures,
  };
}

async function findEntries({ store }: Parts, by: ChangeBy, what?: UndoWhat): Promise<readonly UndoEntry[]> {
  if (what === undefined) return store.undo.last(by.session);
  if ("change" in what) return store.undo.ofChange(by.session, what.change);
  const operation = await store.outbox.get(what.operation);
  const entries = await store.undo.ofOperation(what.operation);
  // A placement made with the same change is undone with it.
  const last = entries.findIndex(({ change }) => change.kind !== "rank");
  if (entries.length > 0) return entries.slice(0, Math.max(last, 0) + 1);
  const entry = carriedChange(operation);
  return entry === null ? [] : [entry];
}

/** The operation that undoes an entry, if it was not folded away. */
async function findInverse({ store }: Parts, { issueId, operation }: UndoEntry): Promise<number | null> {
  const operations = await store.outbox.listOf(issueId, 5);
  return (
    operations.find(({ undoes, settledAt }) => settledAt === null && undoes !== null && undoes === operation)?.id ??
    null
  );
}

/** The form with the names of the tracker's own fields, if some were undone. */
async function findForm({ store }: Parts, { issueId, change }: UndoEntry): Promise<SourceForm | null> {
  if (change.kind !== "edit" || !change.fields.some(({ field }) => field === "custom")) return null;
  return (await store.outbox.issue(issueId)).source.form;
}

function describeAll(
  done: readonly { readonly entry: UndoEntry; readonly how: TakenBack }[],
  failures: readonly PanopticonError[],
  form: SourceForm | null,
): string {
  const [first] = done;
  if (first === undefined) return "";
  const issues = new Set(done.map(({ entry }) => entry.issueId)).size;
  const what =
    issues === 1 ? describeUndo(first.entry, first.how === "sent anew", form) : `undid the change to ${issues} issues`;
  const [failure] = failures;
  return failure === undefined ? what : `${what}; ${failures.length} could not be undone: ${failure.message}`;
}

async function nothingToUndo({ store }: Parts, by: ChangeBy, what?: UndoWhat): Promise<PanopticonError> {
  if (what === undefined) {
    return new PanopticonError("not_found", "There is nothing to undo.", {
      hint: "Only changes made here can be undone. List pending changes with pan outbox.",
    });
  }
  if ("operation" in what) {
    return new PanopticonError("not_found", `There is nothing left to undo in outbox entry ${what.operation}.`, {
      hint: "It was undone, dropped, or cannot be undone.",
    });
  }
  const fate = await store.undo.fateOf(by.session, what.change);
  if (fate === "taken back") {
    return new PanopticonError("not_found", "This change is already undone.", {
      hint: "It was undone elsewhere or dropped, or somebody restored the value.",
    });
  }
  if (fate === "given up") return new PanopticonError("not_found", "This change can no longer be undone.");
  return new PanopticonError("not_found", "Nothing was changed, so there is nothing to undo.");
}
