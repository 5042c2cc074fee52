import type { NativeIssue } from "../../domain/issue.ts";
import {
  type CustomChange,
  type FieldChange,
  isScalarChange,
  isSetChange,
  type SetChange,
  type SetField,
} from "../../domain/operation.ts";
import { valueOf, withChange } from "../../domain/overlay.ts";

/** Identifies the field of a change: changes with the same key fold. */
export function fieldKey(change: FieldChange): string {
  return change.field === "custom" ? `custom ${change.id}` : change.field;
}

/**
 * Folds a new change into an unsent one of the same field; null if the value is back at the original. A set member that is added and then removed (or vice
 * versa) stays in the change, since earlier operations may have changed it too: `withoutNoise` decides in the end.
 */
export function foldChange(earlier: FieldChange, later: FieldChange): FieldChange | null {
  if (isSetChange(later)) return isSetChange(earlier) ? foldSets(earlier, later) : later;
  if (later.field === "custom") return foldCustom(earlier, later);
  if (!("from" in earlier)) return later;
  if (earlier.from === later.to) return null;
  // The same field has the same kind of value.
  return { ...later, from: earlier.from } as FieldChange;
}

/**
 * Whether a new change started from the result of an unsent one of the same field. One that started from another text does not fold: it is compared with the
 * tracker's on its own.
 */
export function continues(base: NativeIssue, earlier: FieldChange, later: FieldChange): boolean {
  if (!isScalarChange(later) || !isScalarChange(earlier)) return true;
  return valueOf(withChange(base, earlier), later.field) === later.from;
}

/** A change as the user saw it: from the shown value, whatever text the edit started from. */
export function asSeen(shown: NativeIssue, change: FieldChange): FieldChange {
  return isScalarChange(change) ? { ...change, from: valueOf(shown, change.field) } : change;
}

/** Removes what is already so from a change; null if nothing is left. */
export function withoutNoise(shown: NativeIssue, change: FieldChange): FieldChange | null {
  if (isSetChange(change)) {
    const members = new Set(membersOf(shown, change.field));
    const add = [...new Set(change.add)].filter((id) => !members.has(id));
    const remove = [...new Set(change.remove)].filter((id) => members.has(id) && !change.add.includes(id));
    return add.length + remove.length === 0 ? null : { field: change.field, add, remove };
  }
  if (change.field === "custom") return change;
  if (isScalarChange(change)) return change.to === valueOf(shown, change.field) ? null : change;
  return change.from === change.to && !("transition" in change) ? null : change;
}

/** Removes members from a set change; null if nothing is left. */
export function withoutMembers(change: SetChange, ids: readonly string[]): SetChange | null {
  const isLeft = (id: string) => !ids.includes(id);
  if ([...change.add, ...change.remove].every(isLeft)) return change;
  const add = change.add.filter(isLeft);
  const remove = change.remove.filter(isLeft);
  return add.length + remove.length === 0 ? null : { ...change, add, remove };
}

/** What a change decides: its field, or for a set each member separately. */
export function aspectsOf(change: FieldChange): readonly string[] {
  return isSetChange(change)
    ? [...change.add, ...change.remove].map((id) => `${change.field} ${id}`)
    : [fieldKey(change)];
}

/** Removes already decided aspects (see `aspectsOf`) from a change; null if nothing is left. */
export function withoutDecided(change: FieldChange, decided: ReadonlySet<string>): FieldChange | null {
  if (!isSetChange(change)) return decided.has(fieldKey(change)) ? null : change;
  const isDecided = (id: string) => decided.has(`${change.field} ${id}`);
  return withoutMembers(change, [...change.add, ...change.remove].filter(isDecided));
}

/** The folded change has the earlier one's `from`, if known. */
function foldCustom(earlier: FieldChange, { from: _from, ...later }: CustomChange): CustomChange {
  return earlier.field === "custom" && "from" in earlier ? { ...later, from: earlier.from } : later;
}

function foldSets(earlier: SetChange, later: SetChange): SetChange {
  const last = new Map<string, boolean>();
  for (const { add, remove } of [earlier, later]) {
    for (const id of remove) last.set(id, false);
    for (const id of add) last.set(id, true);
  }
  const members = (wanted: boolean) => [...last].filter(([, is]) => is === wanted).map(([id]) => id);
  return { field: later.field, add: members(true), remove: members(false) };
}

function membersOf(issue: NativeIssue, field: SetField): readonly string[] {
  return field === "labels" ? issue.labelIds : issue.assigneeIds;
}
