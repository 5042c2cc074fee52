import { type FieldChange, isSetChange, localIdPrefix, openStates, type SetChange } from "../../domain/operation.ts";
import { withChange } from "../../domain/overlay.ts";
import type { Trx } from "../database/database.ts";
import { giveUpSteps } from "../undo/give-up-steps.ts";
import { continues, fieldKey, foldChange, withoutMembers, withoutNoise } from "./fold.ts";
import { followMoves } from "./follow-moves.ts";
import { updateOperation } from "./operation-writes.ts";
import type { Operation } from "./outbox.ts";
import type { Scene } from "./scene.ts";
import { waitsForUser } from "./undo-waiting.ts";

/**
 * Folds new changes with unsent ones of the same fields: those become `merged`, or keep their other fields. A new change overtakes one of the same field that
 * waits for the user (refused, in conflict).
 *
 * The labels of a move stay with it, since they share its fate, and labels added by hand stay separate. The last change that mentions a label decides it,
 * whichever kind that is: the label is removed from unsent earlier ones.
 */
export async function foldEarlier(
  db: Trx,
  scene: Scene,
  fields: readonly FieldChange[],
  { at, isUndo }: { readonly at: number; readonly isUndo: boolean },
): Promise<{
  /** The changes left to queue. */
  readonly remaining: readonly FieldChange[];
  /** Whether earlier operations changed. */
  readonly isFolded: boolean;
}> {
  const earlier = scene.waiting.filter(({ kind }) => kind === "edit").toReversed();
  // A new issue's state is a guess until its tracker answers, so moving it away and back is an explicit choice.
  const isGuessed = !isUndo && isStateGuessed(scene);
  let pending = new Map(fields.map((change): [string, FieldChange] => [fieldKey(change), change]));
  /** The remaining fields of changed operations. */
  const left = new Map<number, readonly FieldChange[]>();
  /** Labels of changes that stay in place: earlier changes of the same labels must not move behind them. */
  const between = new Set<string>();
  /** Fields whose new change started from another value than the unsent ones left: it waits behind them. */
  const stale = new Set<string>();
  // The latest operation that was or is being sent: only those after it can fold.
  const sent = earlier.find(hasLeft)?.id ?? 0;
  for (const operation of earlier) {
    const isUnsent = operation.state === "queued" || operation.state === "waiting";
    if (isUnsent ? operation.id <= sent : !waitsForUser(operation)) continue;
    const kept: FieldChange[] = [];
    const next = new Map(pending);
    for (const change of operation.fields) {
      const key = fieldKey(change);
      const isApart = change.field === "labels" && hasMove(operation.fields) !== hasMove(fields);
      const following = stale.has(key) ? undefined : pending.get(key);
      const later = isApart || (isUnsent && isPartedFrom(following, change, between)) ? undefined : following;
      if (later !== undefined && isUnsent && !continues(scene.base, change, later)) stale.add(key);
      if (later === undefined || stale.has(key)) {
        const stays = isUnsent && following !== undefined ? undecided(change, following) : change;
        if (stays === null) continue;
        kept.push(stays);
        if (isUnsent && stays.field === "labels") for (const id of idsOf(stays)) between.add(id);
        continue;
      }
      if (!isUnsent) {
        // Members of a set are independent; state and labels of a move share its fate.
        const stays = hasMove(operation.fields) ? null : undecidedMembers(change, later);
        if (stays !== null) kept.push(stays);
        continue;
      }
      const folded = foldChange(change, later);
      if (folded === null && change.field === "state" && isGuessed && later.field === "state") {
        next.set(key, { ...later, from: change.from });
      } else if (folded === null) next.delete(key);
      else next.set(key, folded);
    }
    const isSame = kept.length === operation.fields.length && kept.every((change) => operation.fields.includes(change));
    if (isSame) continue;
    pending = next;
    left.set(operation.id, kept);
  }
  const open = earlier.filter(({ state }) => openStates.includes(state)).toReversed();
  const before = open.flatMap((operation) => left.get(operation.id) ?? operation.fields).reduce(withChange, scene.base);
  // Remaining earlier operations may already do what a folded set still contains.
  const remaining = [...pending.values()].flatMap((change) =>
    isSetChange(change) ? (withoutNoise(before, change) ?? []) : [change],
  );
  if (left.size === 0) return { remaining, isFolded: false };
  const overtaken = earlier.filter((operation) => waitsForUser(operation) && left.has(operation.id));
  for (const operation of isUndo ? [] : overtaken) {
    await giveUpSteps(db, operation, withoutKept(operation.fields, left.get(operation.id) ?? []));
  }
  const followed = await followMoves(db, scene, { open, left, asked: fields, remaining });
  for (const [id, kept] of followed.left) {
    await updateOperation(db, id, kept.length === 0 ? { state: "merged", at } : { fields: kept, at });
  }
  return { remaining: followed.remaining, isFolded: true };
}

/** The changes that were removed from an operation. */
function withoutKept(fields: readonly FieldChange[], kept: readonly FieldChange[]): readonly FieldChange[] {
  return fields.flatMap((change): readonly FieldChange[] => {
    const still = kept.find((one) => fieldKey(one) === fieldKey(change));
    if (still === undefined) return [change];
    return isSetChange(change) && isSetChange(still) ? [withoutMembers(change, idsOf(still)) ?? []].flat() : [];
  });
}

/** Whether the create of the issue sends no state. */
function isStateGuessed({ row, waiting }: Scene): boolean {
  if (!row.nativeId.startsWith(localIdPrefix)) return false;
  return waiting.some(({ kind, payload }) => kind === "create" && payload.draft?.stateId == null);
}

/** The members of an earlier set change that a later one does not decide; null: none, or it is not a set. */
function undecidedMembers(change: FieldChange, later: FieldChange): FieldChange | null {
  return isSetChange(change) && isSetChange(later) ? withoutMembers(change, idsOf(later)) : null;
}

/** The part of an earlier label change that a later one does not decide; null: nothing. Returns changes of other fields unchanged. */
function undecided(change: FieldChange, later: FieldChange): FieldChange | null {
  return change.field === "labels" && later.field === "labels" ? withoutMembers(change, idsOf(later)) : change;
}

/** Whether folding a label change into the following one would move it behind others of the same labels that the following one does not decide. */
function isPartedFrom(following: FieldChange | undefined, change: FieldChange, between: ReadonlySet<string>): boolean {
  if (between.size === 0 || following?.field !== "labels" || change.field !== "labels") return false;
  const decided = new Set(idsOf(following));
  return idsOf(change).some((id) => between.has(id) && !decided.has(id));
}

function idsOf({ add, remove }: SetChange): readonly string[] {
  return [...add, ...remove];
}

function hasMove(fields: readonly FieldChange[]): boolean {
  return fields.some((change) => change.field === "status");
}

/** Whether an operation was sent, or may have been. */
function hasLeft({ state, stepsDone }: Operation): boolean {
  return state === "sending" || state === "unknown" || stepsDone > 0;
}
