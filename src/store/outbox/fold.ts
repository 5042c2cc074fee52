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

/** Which field a change is about: two changes with the same key fold. */
export function fieldKey(change: FieldChange): string {
  return change.field === "custom" ? `custom ${change.id}` : change.field;
}

/**
 * Folds a new change into an unsent one of the same field: null when nothing remains, because the value is back where it was. Of a set, what is added and then
 * removed (or the other way round) stays in the change, since what comes before may have done the same: `withoutNoise` tells in the end.
 */
export function foldChange(earlier: FieldChange, later: FieldChange): FieldChange | null {
  if (isSetChange(later)) return isSetChange(earlier) ? foldSets(earlier, later) : later;
  if (later.field === "custom") return foldCustom(earlier, later);
  if (!("from" in earlier)) return later;
  if (earlier.from === later.to) return null;
  // The field is the same, so the kind of value is.
  return { ...later, from: earlier.from } as FieldChange;
}

/** Whether a new change was made of what an unsent one of the same field made. One that began with another text does not fold: it is held against the tracker's by itself. */
export function continues(base: NativeIssue, earlier: FieldChange, later: FieldChange): boolean {
  if (!isScalarChange(later) || !isScalarChange(earlier)) return true;
  return valueOf(withChange(base, earlier), later.field) === later.from;
}

/** A change as its user saw it: from what was shown, whatever text the edit began with. */
export function asSeen(shown: NativeIssue, change: FieldChange): FieldChange {
  return isScalarChange(change) ? { ...change, from: valueOf(shown, change.field) } : change;
}

/** A change without what is so already; null when nothing is left of it. */
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

/** A change of a set without what it says of some members; null when nothing is left of it. */
export function withoutMembers(change: SetChange, ids: readonly string[]): SetChange | null {
  const isLeft = (id: string) => !ids.includes(id);
  if ([...change.add, ...change.remove].every(isLeft)) return change;
  const add = change.add.filter(isLeft);
  const remove = change.remove.filter(isLeft);
  return add.length + remove.length === 0 ? null : { ...change, add, remove };
}

/** What a change decides: its field, of a set each member for itself. */
export function aspectsOf(change: FieldChange): readonly string[] {
  return isSetChange(change)
    ? [...change.add, ...change.remove].map((id) => `${change.field} ${id}`)
    : [fieldKey(change)];
}

/** A change without what is decided already, as `aspectsOf` writes it; null when nothing is left of it. */
export function withoutDecided(change: FieldChange, decided: ReadonlySet<string>): FieldChange | null {
  if (!isSetChange(change)) return decided.has(fieldKey(change)) ? null : change;
  const isDecided = (id: string) => decided.has(`${change.field} ${id}`);
  return withoutMembers(change, [...change.add, ...change.remove].filter(isDecided));
}

/** What it was before both: as far as the earlier one knows. */
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
