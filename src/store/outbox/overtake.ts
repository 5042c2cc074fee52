import type { NativeIssue } from "../../domain/issue.ts";
import { type FieldChange, isScalarChange, isSetChange, type StatusChange } from "../../domain/operation.ts";
import type { Trx } from "../database/database.ts";
import { continues, fieldKey, foldChange, withoutMembers, withoutNoise } from "./fold.ts";
import { updateOperation } from "./operation-writes.ts";
import type { Operation, Settlement } from "./outbox.ts";
import { conflictName } from "./resolve-conflict.ts";
import type { Scene } from "./scene.ts";

/** What later changes leave of an operation's outcome. */
export type Overtaken = {
  /** The fields that still wait for the user. */
  readonly waits: readonly FieldChange[];
  readonly conflicts: Operation["conflicts"];
  /** The fields that continue as a separate operation. */
  readonly rest: readonly FieldChange[];
  /** The fields decided by later operations. */
  readonly merged: readonly FieldChange[];
};

/**
 * When an edit is refused, in conflict, or split, changes queued behind it had started from its result. One that changes the same field overtakes it, as a
 * later change would: it starts where this edit started, and nothing of that field is left here to decide or to send. A move counts as one field.
 */
export async function overtake(
  db: Trx,
  { waiting, base }: Pick<Scene, "waiting" | "base">,
  operation: Operation,
  end: Settlement,
  at: number,
): Promise<Overtaken> {
  const { rest = [], conflicts = [] } = end;
  const waits = end.fields ?? operation.fields;
  const behind = waiting.filter(({ id, kind, state }) => id > operation.id && kind === "edit" && isUnsent(state));
  const fields = new Map(behind.map((one) => [one.id, one.fields]));

  const give = (changes: readonly FieldChange[]): boolean => {
    for (const [id, own] of fields) {
      const folded = foldInto(own, changes, base);
      if (folded === "apart") return false;
      if (folded === null) continue;
      fields.set(id, folded);
      return true;
    }
    return false;
  };
  const isOvertaken = new Set([...partsOf(waits), ...partsOf(rest)].filter(give).flat());
  const left = rest.flatMap((change): readonly FieldChange[] => {
    if (isOvertaken.has(change)) return [];
    if (!isSetChange(change)) return [change];
    const undecided = withoutMembers(change, decidedBehind(behind, change.field));
    return undecided === null ? [] : [undecided];
  });
  for (const { id, fields: before } of behind) {
    const now = fields.get(id) ?? before;
    if (now !== before) await updateOperation(db, id, now.length === 0 ? { state: "merged", at } : { fields: now, at });
  }
  const still = waits.filter((change) => !isOvertaken.has(change));
  return {
    waits: still,
    conflicts: conflicts.filter(({ field }) => still.some((change) => conflictName(change, waits) === field)),
    rest: left,
    merged: [...isOvertaken],
  };
}

function isUnsent(state: Operation["state"]): boolean {
  return state === "queued" || state === "waiting";
}

/** Groups fields that share a fate: a move with its state and labels, and each other field alone. Sets do not conflict and are left out. */
function partsOf(fields: readonly FieldChange[]): readonly (readonly FieldChange[])[] {
  const isMove = (change: FieldChange) => conflictName(change, fields) === "status";
  const move = fields.filter(isMove);
  const others = fields.filter((change) => !isMove(change) && isScalarChange(change));
  return [...(move.length === 0 ? [] : [move]), ...others.map((change) => [change])];
}

/** `own` as if it had been made instead of `earlier`; null: it does not change the same field; `apart`: it does, but started from another value. */
function foldInto(
  own: readonly FieldChange[],
  earlier: readonly FieldChange[],
  base: NativeIssue,
): readonly FieldChange[] | null | "apart" {
  const move = moveIn(earlier);
  const isSame = (one: FieldChange, other: FieldChange) => fieldKey(one) === fieldKey(other);
  if (move !== undefined) {
    const next = moveIn(own);
    if (next === undefined) return null;
    if (next.from !== move.to) return "apart";
  } else if (!own.some((change) => earlier.some((one) => isSame(one, change)))) return null;

  const folded: FieldChange[] = [];
  for (const change of own) {
    const before = earlier.find((one) => isSame(one, change));
    if (before === undefined) folded.push(change);
    else if (!continues(base, before, change)) return "apart";
    else folded.push(...withoutNothing(base, foldChange(before, change)));
  }
  for (const change of earlier) {
    if (!own.some((one) => isSame(one, change))) folded.push(...withoutNothing(base, change));
  }
  return folded;
}

function withoutNothing(base: NativeIssue, change: FieldChange | null): readonly FieldChange[] {
  if (change === null) return [];
  const left = isSetChange(change) ? withoutNoise(base, change) : change;
  return left === null ? [] : [left];
}

function moveIn(fields: readonly FieldChange[]): StatusChange | undefined {
  return fields.find((change): change is StatusChange => change.field === "status");
}

/** Members of a set that later queued changes decide. */
function decidedBehind(behind: readonly Operation[], field: FieldChange["field"]): readonly string[] {
  return behind.flatMap(({ fields }) =>
    fields.flatMap((change) =>
      isSetChange(change) && change.field === field ? [...change.add, ...change.remove] : [],
    ),
  );
}
