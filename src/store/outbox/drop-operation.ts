import { sql } from "kysely";
import { PanopticonError } from "../../domain/error.ts";
import { localIdPrefix } from "../../domain/operation.ts";
import type { Trx } from "../database/database.ts";
import { addChanges, emptyChangeSet, writeChanges } from "../mirror/change-set.ts";
import { deleteIssues } from "../mirror/delete-issues.ts";
import { getSource } from "../sources/source-record.ts";
import { giveUpSteps } from "../undo/give-up-steps.ts";
import { indexComments, isOnComments } from "../write-comment.ts";
import { closeEntriesOf, closeEntriesOfIssue, closePlacingsOf } from "../undo/record-undo.ts";
import { getOperation, readOperations } from "./operation-row.ts";
import { updateOperation } from "./operation-writes.ts";
import { tellOtherEnd } from "./relate-operation.ts";
import type { Operation, Queued } from "./outbox.ts";
import { findScene, type Scene, showAnew } from "./scene.ts";

/** See `OutboxStore.drop`. */
export async function dropOperation(db: Trx, id: number, how: "dropped" | "undone"): Promise<Queued> {
  const operation = await getOperation(db, id);
  refuseUndroppable(operation, (await getSource(db, operation.sourceId)).hidden);
  const at = db.clock.now();
  const { issueId, connection } = operation;
  const scene = await findScene(db, issueId);
  await updateOperation(db, id, { state: how, nextAttemptAt: null, at });
  await closeSteps(db, operation);
  if (scene === null) {
    const source = await getSource(db, operation.sourceId);
    return {
      operation: id,
      issueId,
      connection,
      change: await writeChanges(db, source.connectionId, emptyChangeSet()),
    };
  }
  const { source, row, changes } = scene;
  if (operation.kind === "create" && row.nativeId.startsWith(localIdPrefix)) {
    // The issue never existed in its tracker: drop its other operations too.
    const others = await readOperations(db, sql<boolean>`o.issue_id = ${issueId} and o.settled_at is null`);
    for (const other of others) {
      await updateOperation(db, other.id, { state: "dropped", at });
      await tellOtherEnd(db, scene, other);
    }
    await closeEntriesOfIssue(db, issueId);
    await deleteIssues(db, { source, issues: [row], why: "outside", now: at }, changes);
    await refuseOrphans(db, scene, at);
  } else {
    if (isOnComments(operation)) await indexComments(db, scene);
    await tellOtherEnd(db, scene, operation);
    await showAnew(db, scene);
  }
  return { operation: id, issueId, connection, change: await writeChanges(db, source.connectionId, changes) };
}

/** Closes the undo entries of a dropped operation. */
async function closeSteps(db: Trx, operation: Operation): Promise<void> {
  if (operation.kind !== "edit") return closeEntriesOf(db, operation.id);
  await giveUpSteps(db, operation, operation.fields);
  await closePlacingsOf(db, operation.id);
}

/** While its source is not in `projects.yaml`, nobody checks what became of an operation. */
function refuseUndroppable(operation: Operation, isUnwatched: boolean): void {
  if (operation.state === "sending" || (operation.state === "unknown" && !isUnwatched)) {
    throw new PanopticonError(
      "conflict",
      operation.state === "sending"
        ? `Outbox entry ${operation.id} is being sent right now.`
        : `It is not known whether outbox entry ${operation.id} reached the tracker.`,
      { hint: "You can drop it once Panopticon has checked with the tracker, which happens automatically." },
    );
  }
  if (operation.settledAt !== null) {
    throw new PanopticonError("conflict", `Outbox entry ${operation.id} is already ${operation.state}.`, {
      hint: operation.state === "written" ? "Undo a written change with pan undo." : undefined,
    });
  }
}

/** Refuses changes that refer to an issue that will never exist; they wait for the user. */
async function refuseOrphans(db: Trx, { source, row, changes }: Scene, at: number): Promise<void> {
  const { nativeId, ref } = row;
  const waiting = await readOperations(
    db,
    sql<boolean>`o.connection_id = ${source.connectionId} and o.settled_at is null and o.state in ('queued', 'waiting')`,
  );
  for (const operation of waiting) {
    if (!refersTo(operation, nativeId)) continue;
    const scene = await findScene(db, operation.issueId);
    await updateOperation(db, operation.id, {
      state: "refused",
      reason: {
        code: "gone",
        message: `${ref}, which it refers to, was never created.`,
        hint: "Drop it, or choose another issue.",
      },
      at,
    });
    if (scene === null) continue;
    await showAnew(db, scene);
    addChanges(changes, scene.changes);
  }
}

/** Whether an operation names this issue as a parent or as the other end of a relation. */
export function refersTo({ fields, payload }: Operation, nativeId: string): boolean {
  return (
    fields.some((change) => change.field === "parent" && change.to === nativeId) ||
    payload.relation?.target.nativeId === nativeId ||
    payload.draft?.parent?.nativeId === nativeId
  );
}
