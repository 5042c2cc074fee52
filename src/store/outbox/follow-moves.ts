import type { NativeIssue } from "../../domain/issue.ts";
import type { FieldChange, StatusChange } from "../../domain/operation.ts";
import { withChange } from "../../domain/overlay.ts";
import type { Status } from "../../domain/status.ts";
import type { Trx } from "../database/database.ts";
import type { Operation } from "./outbox.ts";
import type { Scene } from "./scene.ts";
import { statusReader } from "./status-reader.ts";

/** What folding made of an issue's changes. */
export type Folded = {
  /** The open edits as they were, in order. */
  readonly open: readonly Pick<Operation, "id" | "fields">[];
  /** What is left of those that change. */
  readonly left: ReadonlyMap<number, readonly FieldChange[]>;
  /** The new change as it was asked for. */
  readonly asked: readonly FieldChange[];
  /** What is left of it, with what was folded into it. */
  readonly remaining: readonly FieldChange[];
};

/**
 * A label that was taken out of one change may be what gave the issue its status for the next: the statuses between which moves go are those that are shown now,
 * before and after each. One that was not what was shown guards against somebody else's move, and stays. A move of which nothing else remains is none.
 */
export async function followMoves(db: Trx, scene: Scene, folded: Folded): Promise<Omit<Folded, "open" | "asked">> {
  const { open, asked, remaining } = folded;
  const changes = [...open.flatMap(({ fields }) => fields), ...asked];
  const labelIds = changes.flatMap((change) => (change.field === "labels" ? [...change.add, ...change.remove] : []));
  const statusOf = await statusReader(db, scene.source, [...new Set([...scene.base.labelIds, ...labelIds])]);
  const left = new Map(folded.left);
  /** What is shown between the changes: as they were, and as they are now. */
  let was: NativeIssue = scene.base;
  let is: NativeIssue = scene.base;
  /** The moves that are part of the new change now all began where the issue was shown. */
  let isTrue = true;
  for (const { id, fields } of open) {
    const kept = left.get(id) ?? fields;
    const before = { was: statusOf(was), is: statusOf(is) };
    was = fields.reduce(withChange, was);
    is = kept.reduce(withChange, is);
    const move = moveIn(fields);
    if (move !== undefined && moveIn(kept) === undefined) isTrue &&= move.from === before.was;
    const after = { was: statusOf(was), is: statusOf(is) };
    // What comes before all that changed is as it was, and may have been sent.
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

/** Fields of a change with its move between the statuses that are shown now, where it was between those that were; the same ones where that is so already. */
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

/** Without a move that changes nothing in the tracker: its state and labels were taken out, or are so already. */
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
