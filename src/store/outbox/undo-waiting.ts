import type { NativeIssue } from "../../domain/issue.ts";
import { type FieldChange, isSetChange, type SetChange } from "../../domain/operation.ts";
import { overlay } from "../../domain/overlay.ts";
import type { Trx } from "../database/database.ts";
import { fieldKey, foldChange, withoutMembers, withoutNoise } from "./fold.ts";
import { openChangesOf } from "./operation-row.ts";
import { updateOperation } from "./operation-writes.ts";
import type { Operation } from "./outbox.ts";
import { conflictName } from "./resolve-conflict.ts";
import type { Scene } from "./scene.ts";

/** An operation waiting for the user whose values changed, and what was undone of it. */
export type WaitsAnew = { readonly operation: Operation; readonly inverse: readonly FieldChange[] };

/** Whether an operation is refused or in conflict, so that the user must decide. */
export function waitsForUser({ state }: Pick<Operation, "state">): boolean {
  return state === "refused" || state === "conflict";
}

/**
 * What the user wants: the shown issue with the operations waiting for the user applied in order. `status`: of the last move that waits for the user; null if
 * none does.
 */
export function wishOf({ base, shown, waiting }: Pick<Scene, "base" | "shown" | "waiting">): {
  readonly issue: NativeIssue;
  readonly status: Extract<FieldChange, { field: "status" }>["to"] | null;
} {
  const edits = waiting.filter((operation) => operation.kind === "edit" && waitsForUser(operation));
  if (edits.length === 0) return { issue: shown, status: null };
  const wanted = waiting.flatMap((operation) =>
    edits.includes(operation)
      ? [{ kind: "edit" as const, fields: operation.fields, at: operation.createdAt }]
      : openChangesOf([operation]),
  );
  const moves = edits.flatMap(({ fields }) =>
    fields.flatMap((change) => (change.field === "status" ? [change.to] : [])),
  );
  return { issue: overlay(base, wanted), status: moves.at(-1) ?? null };
}

/**
 * Undoes changes that wait for the user in place: a refused or conflicting operation keeps waiting with the value wanted before, or ends if there was none.
 * Nothing is sent, and the tracker's values do not change. Returns what is left to undo of changes in flight or written.
 */
export async function undoWaiting(
  db: Trx,
  { waiting, base }: Pick<Scene, "waiting" | "base">,
  inverse: readonly FieldChange[],
  at: number,
): Promise<{ readonly rest: readonly FieldChange[]; readonly waits: readonly WaitsAnew[] }> {
  let rest = inverse;
  const waits: WaitsAnew[] = [];
  for (const operation of waiting.filter((one) => one.kind === "edit" && waitsForUser(one))) {
    const taken = takeFrom(operation, rest, base);
    if (taken === null) continue;
    if (taken.kept.length > 0) waits.push({ operation, inverse: taken.inverse });
    ({ rest } = taken);
    await keepOnly(db, operation, taken.kept, at);
  }
  return { rest, waits };
}

/** Removes changes of the tracker's own fields from unsent operations; their former values are unknown and not needed. */
export async function withdrawOwn(
  db: Trx,
  { waiting }: Pick<Scene, "waiting">,
  ids: readonly string[],
  at: number,
): Promise<void> {
  const isTaken = (change: FieldChange) => change.field === "custom" && ids.includes(change.id);
  const holders = waiting.filter(
    (one) =>
      one.kind === "edit" &&
      (waitsForUser(one) || one.state === "queued" || one.state === "waiting") &&
      one.fields.some(isTaken),
  );
  for (const operation of holders) {
    await keepOnly(
      db,
      operation,
      operation.fields.filter((change) => !isTaken(change)),
      at,
    );
  }
}

/** Reduces an operation to these fields; without any it is undone. */
async function keepOnly(db: Trx, operation: Operation, kept: readonly FieldChange[], at: number): Promise<void> {
  const names = new Set(kept.map((change) => conflictName(change, kept)));
  const conflicts = operation.conflicts.filter(({ field }) => names.has(field));
  await updateOperation(db, operation.id, {
    ...(kept.length === 0 ? { state: "undone" } : { fields: kept }),
    conflicts: kept.length === 0 || conflicts.length === 0 ? null : conflicts,
    at,
  });
}

/** Splits an undo between a waiting operation and the rest; null if the operation has none of its fields. */
function takeFrom(
  { fields }: Operation,
  inverse: readonly FieldChange[],
  base: NativeIssue,
): Record<"kept" | "rest" | "inverse", readonly FieldChange[]> | null {
  const isMove = hasMove(fields);
  const isApart = ({ field }: FieldChange) => field === "labels" && isMove !== hasMove(inverse);
  // State and labels of a move share its fate, whether or not they are part of the waiting one.
  const isPart = ({ field }: FieldChange) => isMove && hasMove(inverse) && (field === "state" || field === "labels");
  const kept = new Map(fields.map((change): [string, FieldChange] => [fieldKey(change), change]));
  const taken: FieldChange[] = [];
  const rest = inverse.flatMap((change): readonly FieldChange[] => {
    const waits = isApart(change) ? undefined : kept.get(fieldKey(change));
    if (isPart(change)) {
      taken.push(change);
      put(kept, change, waits === undefined ? withoutNoise(base, change) : wantedBefore(waits, change, base));
      return [];
    }
    if (waits === undefined) return [change];
    if (!isSetChange(change) || !isSetChange(waits)) {
      taken.push(change);
      put(kept, waits, wantedBefore(waits, change, base));
      return [];
    }
    const known = new Set(idsOf(waits));
    const others = idsOf(change).filter((id) => !known.has(id));
    const own = withoutMembers(change, others);
    if (own === null) return [change];
    taken.push(own);
    put(kept, waits, wantedBefore(waits, own, base));
    const left = withoutMembers(change, [...known]);
    return left === null ? [] : [left];
  });
  return taken.length === 0 ? null : { kept: withoutIdleMove([...kept.values()]), rest, inverse: taken };
}

function put(kept: Map<string, FieldChange>, before: FieldChange, after: FieldChange | null): void {
  if (after === null) kept.delete(fieldKey(before));
  else kept.set(fieldKey(before), after);
}

function wantedBefore(waits: FieldChange, inverse: FieldChange, base: NativeIssue): FieldChange | null {
  // The status defines the move, as long as there is one: see `withoutIdleMove`.
  if (inverse.field === "status") return waits.field === "status" ? { ...inverse, from: waits.from } : inverse;
  const folded = foldChange(waits, inverse);
  return folded === null ? null : withoutNoise(base, folded);
}

/** Removes a move that has neither a state nor labels left. */
function withoutIdleMove(fields: readonly FieldChange[]): readonly FieldChange[] {
  const makes = fields.some((change) => change.field === "state" || change.field === "labels");
  return makes ? fields : fields.filter((change) => change.field !== "status");
}

function idsOf({ add, remove }: SetChange): readonly string[] {
  return [...add, ...remove];
}

function hasMove(fields: readonly FieldChange[]): boolean {
  return fields.some(({ field }) => field === "status");
}
