import { sql } from "kysely";
import type { NativeIssue } from "../../domain/issue.ts";
import type { FieldChange } from "../../domain/operation.ts";
import type { Change } from "../change.ts";
import type { Trx } from "../database/database.ts";
import { addChanges, emptyChangeSet, writeChanges } from "../mirror/change-set.ts";
import { findMirrored } from "../mirror/mirrored.ts";
import { getSource } from "../sources/source-record.ts";
import { indexComments, isOnComments, writeComment } from "../write-comment.ts";
import { fieldKey } from "./fold.ts";
import { overtake, type Overtaken } from "./overtake.ts";
import { toLines } from "./operation-history.ts";
import { getOperation } from "./operation-row.ts";
import { insertOperation, updateOperation } from "./operation-writes.ts";
import { tellOtherEnd } from "./relate-operation.ts";
import type { Operation, Settlement } from "./outbox.ts";
import { type Answer, findScene, placeOf, type Scene, showAnew } from "./scene.ts";
import { turned } from "./turned-relation.ts";

/** See `SendingStore.settle`. */
export async function settle(db: Trx, id: number, end: Settlement): Promise<Change> {
  const operation = await getOperation(db, id);
  const at = db.clock.now();
  const scene = await findScene(db, operation.issueId);
  if (operation.settledAt !== null) throw new Error(`operation ${id} is ${operation.state} already`);
  const left =
    scene !== null && operation.kind === "edit" && end.state !== "written"
      ? await overtake(db, scene, operation, end, at)
      : null;
  if (scene !== null && left !== null) await tellParts(db, scene, operation, end, left);
  const isOver = left !== null && left.waits.length === 0;
  const fields = left === null || isOver ? end.fields : left.waits;
  await updateOperation(db, id, {
    state: isOver ? endWithoutWaiting(operation, end) : end.state,
    reason: isOver ? null : (end.reason ?? null),
    conflicts: left?.conflicts ?? end.conflicts ?? null,
    nextAttemptAt: null,
    ...(fields === undefined ? {} : { fields }),
    ...(end.twins === undefined ? {} : { twins: end.twins }),
    ...(end.lookAgainAt === undefined ? {} : { lookAgainAt: end.lookAgainAt }),
    ...(end.comment == null ? {} : { payload: withCommentId(operation, end.comment.comment.id) }),
    ...(end.became === undefined ? {} : { payload: { ...operation.payload, became: end.became } }),
    at,
  });
  if (scene === null) {
    const source = await getSource(db, operation.sourceId);
    return writeChanges(db, source.connectionId, emptyChangeSet());
  }
  if (end.comment !== undefined) await writeComment(db, scene, operation, end.comment);
  if (isOnComments(operation)) await indexComments(db, scene);
  await tellOtherEnd(db, scene, operation);
  if (end.state === "written") await enterAtOtherEnd(db, scene, operation, end.answer?.issue ?? scene.base);
  // The answer of an own write is the tracker's present version; answers requested earlier are outdated.
  const answer =
    end.answer === undefined
      ? countedComments(scene, operation, end)
      : { ...end.answer, requestedAt: Math.max(at, end.answer.requestedAt) };
  await showAnew(db, scene, answer);
  return writeChanges(db, scene.source.connectionId, scene.changes);
}

/** The tracker's version with the comment that was just written or deleted, which its last answer before that did not count. */
function countedComments({ base, row }: Scene, { kind, firstSentAt }: Operation, end: Settlement): Answer | null {
  const by = end.state !== "written" ? 0 : kind === "comment" ? 1 : kind === "delete_comment" ? -1 : 0;
  const isCounted = firstSentAt === null || row.requestedAt > firstSentAt;
  if (by === 0 || isCounted || base.commentCount === null) return null;
  const issue = { ...base, commentCount: Math.max(0, base.commentCount + by) };
  return { issue, seen: {}, requestedAt: row.requestedAt };
}

/** Enters a relation that was just written in the other issue's version, unless that was read again since: that read may have met a limit. */
async function enterAtOtherEnd(
  db: Trx,
  { source, base, changes }: Scene,
  { kind, payload: { relation }, firstSentAt }: Operation,
  written: NativeIssue,
): Promise<void> {
  const type = relation === undefined ? null : turned(relation.type);
  if (relation === undefined || type === null || firstSentAt === null) return;
  const own = (written.relations ?? []).find(
    (one) => one.type === relation.type && one.targetId === relation.target.nativeId,
  );
  if ((own !== undefined) !== (kind === "relate")) return;
  const found = (await findMirrored(db, source.connectionId, [relation.target.nativeId])).get(relation.target.nativeId);
  const other = found === undefined ? null : await findScene(db, found.id);
  if (other === null || other.row.requestedAt > firstSentAt) return;
  const others = (other.base.relations ?? []).filter((one) => one.type !== type || one.targetId !== base.nativeId);
  const relations = own === undefined ? others : [...others, { id: own.id, type, targetId: base.nativeId }];
  await showAnew(db, other, { issue: { ...other.base, relations }, seen: {}, requestedAt: other.row.requestedAt });
  addChanges(changes, other.changes);
}

/** The final state of an operation that no longer waits for the user: `merged` into later ones if none of it was written. */
function endWithoutWaiting({ fields }: Operation, end: Settlement): "written" | "merged" {
  const elsewhere = new Set([...(end.fields ?? fields), ...(end.rest ?? [])].map(fieldKey));
  return fields.every((change) => elsewhere.has(fieldKey(change))) ? "merged" : "written";
}

/** Stores the tracker's id of a new comment, by which it is found. */
function withCommentId({ payload }: Operation, id: string): Operation["payload"] {
  return payload.comment === undefined ? payload : { ...payload, comment: { ...payload.comment, id } };
}

/** Updates the history of an edit that ends in parts: what continues as a separate operation, what was written, and what remains here. */
async function tellParts(
  db: Trx,
  scene: Scene,
  operation: Operation,
  { fields, rest: goesOn = [] }: Settlement,
  { rest, merged }: Overtaken,
): Promise<void> {
  await passLines(db, scene, operation.id, merged, { operationId: null, state: "merged" });
  if (rest.length > 0) {
    const { actor, session } = operation;
    const author = { actor, session };
    const next = await insertOperation(db, {
      ...placeOf(scene),
      kind: "edit",
      fields: rest,
      author,
      at: db.clock.now(),
    });
    await passLines(db, scene, operation.id, rest, { operationId: next, state: "pending" });
  }
  if (fields === undefined) return;
  const elsewhere = new Set([...fields, ...goesOn].map(fieldKey));
  const written = operation.fields.filter((change) => !elsewhere.has(fieldKey(change)));
  await passLines(db, scene, operation.id, written, { operationId: null, state: "written" });
}

async function passLines(
  db: Trx,
  scene: Scene,
  from: number,
  fields: readonly FieldChange[],
  to: { readonly operationId: number | null; readonly state: string },
): Promise<void> {
  const names = (await toLines(db, scene.source, fields)).map(({ field }) => field);
  if (names.length === 0) return;
  await sql`
    update history set operation_id = ${to.operationId}, state = ${to.state}
    where issue_id = ${scene.row.id} and operation_id = ${from} and field in ${db.dialect.list(names)}`.execute(db);
}
