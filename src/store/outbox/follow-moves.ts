import type { NativeIssue } from "../../domain/issue.ts";
import type { FieldChange, StatusChange } from "../../domain/operation.ts";
import { withChange } from "../../domain/overlay.ts";
import type { Status } from "../../domain/status.ts";
import type { Trx } from "../database/database.ts";
import type { Operation } from "./outbox.ts";
import type { Scene } from "./scene.ts";
import { statusReader } from "./status-reader.ts";

/** The result of folding an issue's changes. */
export type Folded = {
  /** The open edits before folding, in order. */
  readonly open: readonly Pick<Operation, "id" | "fields">[];
  /** The remaining fields of the changed ones. */
  readonly left: ReadonlyMap<number, readonly FieldChange[]>;
  /** The new change as requested. */
  readonly asked: readonly FieldChange[];
  /** The new change after folding. */
  readonly remaining: readonly FieldChange[];
};

/**
 * Adjusts the moves after folding: a label removed from one change may have determined the status that the next move starts from, so moves are rewritten
 * between the statuses now shown before and after them. A move whose `from` was not the shown status guards against another person's move and stays. A move
 * with nothing else left is removed.
 */
export async function followMoves(db: Trx, scene: Scene, folded: Folded): Promise<Omit<Folded, "open" | "asked">> {
  const { open, asked, remaining } = folded;
  const changes = [...open.flatMap(({ fields }) => fields), ...asked];
  const labelIds = changes.flatMap((change) => (change.field === "labels" ? [...change.add, ...change.remove] : []));
  const statusOf = await statusReader(db, scene.source, [...new Set([...scene.base.labelIds, ...labelIds])]);
  const left = new Map(folded.left);
  /** The issue shown between the changes: before folding and after. */
  let was: NativeIssue = scene.base;
  let is: NativeIssue = scene.base;
  /** Whether all moves folded into the new change started from the shown status. */
  let isTrue = true;
  for (const { id, fields } of open) {
    const kept = left.get(id) ?? fields;
    const before = { was: statusOf(was), is: statusOf(is) };
    was = fields.reduce(withChange, was);
    is = kept.reduce(withChange, is);
    const move = moveIn(fields);
    if (move !== undefined && moveIn(kept) === undefined) isTrue &&= move.from === before.was;
    const after = { was: statusOf(was), is: statusOf(is) };
    // Operations before the first change are untouched, and may have been sent.
    if (kept !== fields || before.was !== before.is || after.was !== after.is)
      left.set(id, follow(kept, before, after));
  }
  const move = moveIn(asked);
  if (move === undefined) return { left, remaining: withoutIdle(remaining) };
  const before = { was: isTrue && move.from === statusOf(was) ? from(remaining) : null, is: statusOf(is) };
  const after = { was: statusOf(asked.reduce(withChange, was)), is: statusOf(remaining.reduce(withChange, is)) };
  return { left, remaining: follow(remaining, before, after) };
}

type Shown = { readonly was: Status | null; readonly is: Status | null };

/** Rewrites the move of a change from the former shown statuses to the present ones; returns the same fields if they are equal. */
function follow(fields: readonly FieldChange[], before: Shown, after: Shown): readonly FieldChange[] {
  const move = moveIn(fields);
  if (move === undefined) return fields;
  const from = move.from === before.was ? (before.is ?? move.from) : move.from;
  const to = move.to === after.was ? (after.is ?? move.to) : move.to;
  if (from === move.from && to === move.to) return withoutIdle(fields);
  const isNone = from === to && move.transition === undefined;
  const others = fields.flatMap((change) => (change === move ? (isNone ? [] : [{ ...move, from, to }]) : [change]));
  return withoutIdle(others);
}

/** Removes a move without effect in the tracker, because its state and labels were removed or are already set. */
function withoutIdle(fields: readonly FieldChange[]): readonly FieldChange[] {
  const move = moveIn(fields);
  if (move === undefined || move.transition !== undefined) return fields;
  if (fields.some((change) => change.field === "state" || change.field === "labels")) return fields;
  return fields.filter((change) => change !== move);
}

function from(fields: readonly FieldChange[]): Status | null {
  return moveIn(fields)?.from ?? null;
}

function moveIn(fields: readonly FieldChange[]): StatusChange | undefined {
  return fields.find((change): change is StatusChange => change.field === "status");
}
