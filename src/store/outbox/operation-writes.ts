import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { OperationKind, OperationState } from "../../domain/operation.ts";
import type { Trx } from "../database/database.ts";
import { toJson } from "../sources/source-record.ts";
import type { Author, Operation, OperationPayload, OperationReason } from "./outbox.ts";

/** The data of a new operation's row. */
export type NewOperation = {
  readonly issueId: number;
  readonly sourceId: number;
  readonly connectionId: number;
  readonly ref: string;
  readonly title: string;
  readonly kind: OperationKind;
  readonly fields?: Operation["fields"];
  readonly payload?: OperationPayload;
  readonly author: Author;
  readonly at: number;
  /** Default: queued. */
  readonly state?: OperationState;
  readonly uuid?: string;
};

/** Inserts an operation; returns its id. */
export function insertOperation(db: Trx, made: NewOperation): Promise<number> {
  const { state = "queued" } = made;
  return db.dialect.insertOne(
    db,
    sql`
    insert into operation (uuid, issue_id, source_id, connection_id, ref, title, kind, fields, payload, state, steps, steps_done,
      attempts, created_at, settled_at, actor, session, undoes)
    values (${made.uuid ?? randomUUID()}, ${made.issueId}, ${made.sourceId}, ${made.connectionId}, ${made.ref}, ${made.title},
      ${made.kind}, ${JSON.stringify(made.fields ?? [])}, ${JSON.stringify(made.payload ?? {})}, ${state}, '[]', 0,
      0, ${made.at}, ${isOver(state) ? made.at : null}, ${made.author.actor}, ${made.author.session}, ${made.author.undoes?.operation ?? null})`,
  );
}

/** The parts of an operation that change while it is sent. */
export type OperationChange = {
  readonly state?: OperationState;
  readonly fields?: Operation["fields"];
  readonly payload?: OperationPayload;
  readonly steps?: readonly unknown[];
  readonly stepsDone?: number;
  readonly attempts?: number;
  readonly firstSentAt?: number;
  readonly nextAttemptAt?: number | null;
  readonly reason?: OperationReason | null;
  readonly conflicts?: Operation["conflicts"] | null;
  readonly twins?: readonly string[];
  readonly lookAgainAt?: number | null;
  readonly at: number;
};

/** Updates an operation's row. A settled state sets the time it was settled, another one clears it. */
export async function updateOperation(db: Trx, id: number, change: OperationChange): Promise<void> {
  const { state } = change;
  await db
    .updateTable("operation")
    .set({
      ...(state === undefined ? {} : { state, settled_at: isOver(state) ? change.at : null }),
      ...(change.fields === undefined ? {} : { fields: JSON.stringify(change.fields) }),
      ...(change.payload === undefined ? {} : { payload: JSON.stringify(change.payload) }),
      ...(change.steps === undefined ? {} : { steps: JSON.stringify(change.steps) }),
      ...(change.stepsDone === undefined ? {} : { steps_done: change.stepsDone }),
      ...(change.attempts === undefined ? {} : { attempts: change.attempts }),
      ...(change.firstSentAt === undefined ? {} : { first_sent_at: change.firstSentAt }),
      ...(change.nextAttemptAt === undefined ? {} : { next_attempt_at: change.nextAttemptAt }),
      ...(change.reason === undefined ? {} : { reason: toJson(change.reason) }),
      ...(change.conflicts === undefined ? {} : { conflicts: toJson(change.conflicts) }),
      ...(change.twins === undefined ? {} : { twins: change.twins.length === 0 ? null : JSON.stringify(change.twins) }),
      ...(change.lookAgainAt === undefined ? {} : { look_again_at: change.lookAgainAt }),
    })
    .where("id", "=", id)
    .execute();
  if (state !== undefined) await updateHistory(db, id, state);
}

/** Updates the state in the operation's history lines, which are found by its issue. */
async function updateHistory(db: Trx, operationId: number, state: OperationState): Promise<void> {
  await sql`
    update history set state = ${historyState(state)}
    where issue_id = (select issue_id from operation where id = ${operationId}) and operation_id = ${operationId}`.execute(
    db,
  );
}

/** The history's name of a state: `pending` until it is decided. */
export function historyState(state: OperationState): string {
  return state === "queued" || state === "sending" || state === "waiting" || state === "unknown" ? "pending" : state;
}

function isOver(state: OperationState): boolean {
  return state === "written" || state === "merged" || state === "dropped" || state === "undone";
}
