import { sql } from "kysely";
import type { NativeIssue } from "../../domain/issue.ts";
import { type FieldChange, localIdPrefix } from "../../domain/operation.ts";
import type { Trx } from "../database/database.ts";
import { refOf } from "../mirror/ref.ts";
import { aspectsOf, withoutDecided } from "./fold.ts";
import { anyOpenState, readOperations } from "./operation-row.ts";
import { insertOperation, updateOperation } from "./operation-writes.ts";
import type { Operation } from "./outbox.ts";
import { placeOf, type Scene } from "./scene.ts";

/**
 * Queues what a create could not set on its issue. It was requested before all later changes but is sent after them, so it leaves out what they decide;
 * `written` are those that the tracker already has.
 */
export async function queueUnsaid(
  db: Trx,
  scene: Scene,
  create: Operation,
  unsaid: {
    readonly issue: NativeIssue;
    readonly rest: readonly FieldChange[];
    readonly written: readonly Operation[];
  },
  at: number,
): Promise<void> {
  const { rest, issue } = unsaid;
  const open = await readOperations(
    db,
    sql<boolean>`o.issue_id = ${scene.row.id} and o.kind = 'edit' and o.settled_at is null and o.state in ${anyOpenState}`,
  );
  const since = [...open, ...unsaid.written.filter(({ id }) => id > create.id)];
  const decided = new Set([
    ...(create.payload.decided ?? []),
    ...since.flatMap(({ fields }) => fields.flatMap(aspectsOf)),
  ]);
  const fields = rest.flatMap((change) => withoutDecided(change, decided) ?? []);
  await decide(db, create, [...decided, ...rest.flatMap(aspectsOf)], at);
  if (fields.length === 0) return;
  // It belongs to the create, so it cannot be undone separately.
  const author = { actor: create.actor, session: "" };
  const place = { ...placeOf(scene), ref: refOf(scene.source, issue) };
  await insertOperation(db, { ...place, kind: "edit", fields, author, at });
}

/** Records what the user changes on a named issue while the answer of its create may still be in flight. */
export async function noteDecided(
  db: Trx,
  { row, waiting }: Scene,
  fields: readonly FieldChange[],
  at: number,
): Promise<void> {
  if (fields.length === 0 || row.nativeId.startsWith(localIdPrefix)) return;
  for (const create of waiting.filter(({ kind }) => kind === "create")) {
    await decide(db, create, [...(create.payload.decided ?? []), ...fields.flatMap(aspectsOf)], at);
  }
}

async function decide(db: Trx, { id, payload }: Operation, decided: readonly string[], at: number): Promise<void> {
  await updateOperation(db, id, { payload: { ...payload, decided: [...new Set(decided)] }, at });
}
