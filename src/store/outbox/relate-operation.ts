import { sql } from "kysely";
import { inverseOf } from "../../domain/inverse-relation.ts";
import type { RelationChange } from "../../domain/operation.ts";
import type { Trx } from "../database/database.ts";
import { writeChanges } from "../mirror/change-set.ts";
import { recordUndo } from "../undo/record-undo.ts";
import { writeOperationHistory } from "./operation-history.ts";
import { insertOperation } from "./operation-writes.ts";
import type { Author, Operation, OutboxStore, Queued } from "./outbox.ts";
import { openScene, readScene, placeOf, type Scene, showAnew, unchanged } from "./scene.ts";

/** See `OutboxStore.relate`. */
export async function queueRelation(
  db: Trx,
  issueId: number,
  { kind, relation }: Parameters<OutboxStore["relate"]>[1],
  author: Author,
): Promise<Queued> {
  const scene = await openScene(db, issueId);
  const finish = () => writeChanges(db, scene.source.connectionId, scene.changes);
  const at = db.clock.now();
  const known = (scene.shown.relations ?? []).some(
    ({ type, targetId }) => type === relation.type && targetId === relation.target.nativeId,
  );
  // Creating an existing relation is no change. Removing is always sent, since the known relations may be incomplete.
  if (kind === "relate" && known) return unchanged(scene, await finish());
  const sent = { ...relation, id: relation.id ?? relationId(scene, relation) };
  const wasThere = kind === "relate" && (await isSaidByOther(db, scene, relation));
  const payload = { relation: sent, ...(wasThere && { wasThere }) };
  const operation = await insertOperation(db, { ...placeOf(scene), kind, payload, author, at });
  await tellOtherEnd(db, scene, { payload });
  const look = await showAnew(db, scene);
  const about = { issueId, ref: look.ref, title: look.title, actor: author.actor, at };
  await writeOperationHistory(db, { ...about, operationId: operation, state: "pending" }, [
    relationLine(kind, relation, await refIn(db, scene, relation)),
  ]);
  await recordUndo(db, { author, issueId, ref: look.ref, operation, change: { kind, relation: sent }, at });
  return { operation, issueId, connection: scene.source.config.connection, change: await finish() };
}

/** Counts the other issue of a relation as changed, because it shows the relation too. */
export async function tellOtherEnd(
  db: Trx,
  { source, changes }: Scene,
  { payload }: Pick<Operation, "payload">,
): Promise<void> {
  const target = payload.relation?.target.nativeId;
  if (target === undefined) return;
  const { rows } = await sql<{ ref: string }>`
    select ref from card where native_id = ${target} and connection_id = ${source.connectionId}`.execute(db);
  for (const { ref } of rows) changes.refs.add(ref);
}

/** Whether the other issue has the inverse relation in its tracker and keeps it. `duplicates` has no inverse. */
async function isSaidByOther(db: Trx, { base, source }: Scene, { type, target }: RelationChange): Promise<boolean> {
  const turned = inverseOf(type);
  if (inverseOf(turned) !== type) return false;
  const { rows } = await sql<{ issue_id: number }>`
    select issue_id from card
    where native_id = ${target.nativeId} and connection_id = ${source.connectionId}`.execute(db);
  const [other] = rows;
  if (other === undefined) return false;
  const theirs = await readScene(db, other.issue_id);
  // Present in the tracker, and not about to be removed.
  return [theirs.base, theirs.shown].every(({ relations }) =>
    (relations ?? []).some((known) => known.type === turned && known.targetId === base.nativeId),
  );
}

function relationId({ base }: Scene, relation: RelationChange): string | null {
  const known = base.relations?.find(
    ({ type, targetId }) => type === relation.type && targetId === relation.target.nativeId,
  );
  return known?.id ?? null;
}

function relationLine(kind: "relate" | "unrelate", { type }: RelationChange, ref: string) {
  const field = type.replaceAll("_", " ");
  return kind === "relate" ? { field, from: null, to: ref } : { field, from: ref, to: null };
}

/** The other issue's ref; its key if it is not mirrored. */
async function refIn(db: Trx, { source }: Scene, { target }: RelationChange): Promise<string> {
  const { rows } = await sql<{ ref: string }>`
    select ref from card where native_id = ${target.nativeId} and connection_id = ${source.connectionId}`.execute(db);
  return rows[0]?.ref ?? target.key;
}
