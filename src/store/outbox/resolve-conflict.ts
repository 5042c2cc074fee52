import { PanopticonError } from "../../domain/error.ts";
import type { FieldChange } from "../../domain/operation.ts";
import { nearestWord } from "../../domain/nearest-word.ts";
import type { Trx } from "../database/database.ts";
import { emptyChangeSet, writeChanges } from "../mirror/change-set.ts";
import { getSource } from "../sources/source-record.ts";
import { giveUpSteps } from "../undo/give-up-steps.ts";
import { rebaseSteps } from "../undo/rebase-steps.ts";
import { getOperation } from "./operation-row.ts";
import { updateOperation } from "./operation-writes.ts";
import type { Queued } from "./outbox.ts";
import { rebased } from "./rebased.ts";
import { findScene, showAnew } from "./scene.ts";

/** See `OutboxStore.resolve`. A move is one field: the choice for `status` also decides state and labels. */
export async function resolveConflict(
  db: Trx,
  id: number,
  choices: Readonly<Record<string, "mine" | "theirs">>,
): Promise<Queued> {
  const operation = await getOperation(db, id);
  if (operation.state !== "conflict") {
    throw new PanopticonError("conflict", `Outbox entry ${id} is ${operation.state}, not in conflict.`);
  }
  const names = [...new Set(operation.conflicts.map(({ field }) => field))];
  const unknown = Object.keys(choices).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const near = nearestWord(unknown, names);
    throw new PanopticonError("invalid_input", `“${unknown}” is not in conflict.`, {
      hint: near === undefined ? `In conflict: ${names.join(", ")}.` : `Did you mean “${near}”?`,
      candidates: names,
    });
  }
  const open = names.filter((name) => choices[name] === undefined);
  if (open.length > 0) {
    throw new PanopticonError("invalid_input", `Choose mine or theirs for ${open.join(" and ")} too.`, {
      candidates: open,
    });
  }
  const at = db.clock.now();
  // If the issue is gone meanwhile, the kept changes are sent, and its tracker refuses them.
  const scene = await findScene(db, operation.issueId);
  const keep = (change: FieldChange) => choices[conflictName(change, operation.fields)] !== "theirs";
  const kept = operation.fields.filter(keep);
  await giveUpSteps(
    db,
    operation,
    operation.fields.filter((change) => !keep(change)),
  );
  const fields = scene === null ? kept : await rebased(db, scene, kept);
  await rebaseSteps(db, { ...operation, fields: kept }, fields);
  await updateOperation(db, id, {
    ...(fields.length === 0 ? { state: "dropped" } : { state: "queued", fields }),
    conflicts: null,
    reason: null,
    steps: [],
    stepsDone: 0,
    nextAttemptAt: null,
    at,
  });
  if (scene !== null) await showAnew(db, scene);
  const { connectionId } = scene?.source ?? (await getSource(db, operation.sourceId));
  const change = await writeChanges(db, connectionId, scene?.changes ?? emptyChangeSet());
  return { operation: id, issueId: operation.issueId, connection: operation.connection, change };
}

/** The field that the user decides on: the state and labels of a move belong to `status`. */
export function conflictName(change: FieldChange, all: readonly FieldChange[]): string {
  const isMove = all.some(({ field }) => field === "status");
  return isMove && (change.field === "state" || change.field === "labels") ? "status" : change.field;
}
