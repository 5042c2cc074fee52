import { PanopticonError } from "../../domain/error.ts";
import type { FieldChange } from "../../domain/operation.ts";
import type { Trx } from "../database/database.ts";
import { writeChanges } from "../mirror/change-set.ts";
import { rebaseSteps } from "../undo/rebase-steps.ts";
import { indexComments, isOnComments } from "../write-comment.ts";
import { payloadToRetry } from "./change-draft.ts";
import { goneHint } from "./gone-hint.ts";
import { getOperation } from "./operation-row.ts";
import { updateOperation } from "./operation-writes.ts";
import { tellOtherEnd } from "./relate-operation.ts";
import type { OutboxStore, Queued } from "./outbox.ts";
import { rebased } from "./rebased.ts";
import { findScene, showAnew } from "./scene.ts";
import { waitsForName } from "./waits-for-name.ts";

/** See `OutboxStore.retry`. Refused and conflicting changes are rebased on the tracker's present values, which the user has seen. */
export async function retryOperation(
  db: Trx,
  id: number,
  more: NonNullable<Parameters<OutboxStore["retry"]>[1]>,
): Promise<Queued> {
  const operation = await getOperation(db, id);
  const { issueId, state } = operation;
  if (operation.settledAt !== null || state === "sending") {
    throw new PanopticonError(
      "conflict",
      `Outbox entry ${id} is ${state === "sending" ? "being sent right now" : state}.`,
    );
  }
  if (state === "refused" && waitsForName(operation)) {
    // It was refused because the new issue it refers to was dropped and will never be named.
    throw new PanopticonError("conflict", operation.reason?.message ?? "What it refers to was never created.", {
      hint: operation.reason?.hint ?? undefined,
    });
  }
  const at = db.clock.now();
  const scene = await findScene(db, issueId);
  if (scene === null) {
    throw new PanopticonError(
      "gone",
      `${operation.ref} is no longer in the mirror, so outbox entry ${id} cannot be sent.`,
      {
        hint: goneHint(operation),
      },
    );
  }
  const waitsForUser = state === "refused" || state === "conflict";
  const fields = waitsForUser ? await rebased(db, scene, operation.fields) : operation.fields;
  if (waitsForUser) await rebaseSteps(db, operation, fields);
  await updateOperation(db, id, {
    // After a lost answer, the tracker is checked first, even on a user's retry.
    state: waitsForUser ? "queued" : state,
    fields: withChoice(fields, more),
    nextAttemptAt: null,
    ...(waitsForUser ? { reason: null, conflicts: null, steps: [], stepsDone: 0 } : {}),
    ...(waitsForUser && operation.kind === "create" && { payload: await payloadToRetry(db, scene, operation) }),
    at,
  });
  if (isOnComments(operation)) await indexComments(db, scene);
  await tellOtherEnd(db, scene, operation);
  await showAnew(db, scene);
  const change = await writeChanges(db, scene.source.connectionId, scene.changes);
  return { operation: id, issueId, connection: operation.connection, change };
}

function withChoice(
  fields: readonly FieldChange[],
  { transition, fields: custom = {} }: NonNullable<Parameters<OutboxStore["retry"]>[1]>,
): readonly FieldChange[] {
  const chosen = fields.map((change): FieldChange =>
    change.field === "status" && transition !== undefined ? { ...change, transition } : change,
  );
  const others = chosen.filter((change) => change.field !== "custom" || !Object.hasOwn(custom, change.id));
  return [...others, ...Object.entries(custom).map(([id, to]): FieldChange => ({ field: "custom", id, to }))];
}
