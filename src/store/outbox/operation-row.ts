import { sql } from "kysely";
import { PanopticonError } from "../../domain/error.ts";
import type { FieldChange, OperationKind, OperationState } from "../../domain/operation.ts";
import { openStates } from "../../domain/operation.ts";
import type { OpenChange } from "../../domain/overlay.ts";
import type { SourceConfig } from "../../domain/source.ts";
import type { Trx } from "../database/database.ts";
import { fromJson } from "../sources/source-record.ts";
import type { Operation, OperationPayload, OperationReason } from "./outbox.ts";

/** `state in ${anyOpenState}`: the operation is open. */
export const anyOpenState = sql`(${sql.join([...openStates])})`;

/** An operation's row with its issue's present ref and title. */
type Row = {
  id: number;
  uuid: string;
  issue_id: number;
  source_id: number;
  ref: string;
  title: string;
  kind: OperationKind;
  fields: string;
  payload: string;
  state: OperationState;
  steps: string;
  steps_done: number;
  attempts: number;
  created_at: number;
  first_sent_at: number | null;
  next_attempt_at: number | null;
  settled_at: number | null;
  reason: string | null;
  conflicts: string | null;
  actor: string;
  session: string;
  undoes: number | null;
  twins: string | null;
  config: string;
};

/** Reads the operations that match `where`, in the order of `order` (columns of `o`). */
export async function readOperations(
  db: Trx,
  where: ReturnType<typeof sql<boolean>>,
  more: ReturnType<typeof sql> = sql`order by o.id`,
): Promise<readonly Operation[]> {
  const { rows } = await sql<Row>`
    select o.id, o.uuid, o.issue_id, o.source_id, coalesce(c.ref, o.ref) as ref, coalesce(c.title, o.title) as title,
      o.kind, o.fields, o.payload, o.state, o.steps, o.steps_done, o.attempts, o.created_at, o.first_sent_at,
      o.next_attempt_at, o.settled_at, o.reason, o.conflicts, o.actor, o.session, o.undoes, o.twins, s.config
    from operation o join source s on s.id = o.source_id left join card c on c.issue_id = o.issue_id
    where ${where} ${more}`.execute(db);
  return rows.map(toOperation);
}

/** Throws `not_found`. */
export async function getOperation(db: Trx, id: number): Promise<Operation> {
  const [operation] = await readOperations(db, sql<boolean>`o.id = ${id}`);
  if (operation !== undefined) return operation;
  throw new PanopticonError("not_found", `The outbox has no entry ${id}.`, {
    hint: "List its entries with pan outbox; settled entries are removed.",
  });
}

function toOperation(row: Row): Operation {
  const config = JSON.parse(row.config) as SourceConfig;
  return {
    id: row.id,
    uuid: row.uuid,
    issueId: row.issue_id,
    ref: row.ref,
    title: row.title,
    tracker: config.tracker,
    connection: config.connection,
    sourceId: row.source_id,
    kind: row.kind,
    fields: JSON.parse(row.fields) as readonly FieldChange[],
    payload: JSON.parse(row.payload) as OperationPayload,
    state: row.state,
    steps: JSON.parse(row.steps) as Operation["steps"],
    stepsDone: row.steps_done,
    attempts: row.attempts,
    createdAt: row.created_at,
    firstSentAt: row.first_sent_at,
    nextAttemptAt: row.next_attempt_at,
    settledAt: row.settled_at,
    reason: fromJson<OperationReason>(row.reason),
    conflicts: fromJson<Operation["conflicts"]>(row.conflicts) ?? [],
    actor: row.actor,
    session: row.session,
    undoes: row.undoes,
    twins: fromJson<readonly string[]>(row.twins) ?? [],
  };
}

/** The open changes of the given issues, by issue, in order. */
export async function findOpenChanges(
  db: Trx,
  issueIds: readonly number[],
): Promise<ReadonlyMap<number, readonly OpenChange[]>> {
  const changes = new Map<number, OpenChange[]>();
  if (issueIds.length === 0) return changes;
  const { rows } = await sql<OpenRow>`
    select issue_id, uuid, kind, fields, payload, created_at from operation
    where settled_at is null and issue_id in ${db.dialect.list(issueIds)} and state in ${anyOpenState}
      and kind in ('edit', 'relate', 'unrelate')
    order by id`.execute(db);
  for (const row of rows) {
    const change = toOpenChange(row);
    const list = changes.get(row.issue_id);
    if (change === null) continue;
    if (list) list.push(change);
    else changes.set(row.issue_id, [change]);
  }
  return changes;
}

/** All open changes of relations, in order, with the issues they belong to. */
export async function readOpenRelationChanges(db: Trx): Promise<
  readonly {
    readonly issueId: number;
    readonly nativeId: string;
    readonly connectionId: number;
    readonly change: Extract<OpenChange, { kind: "relate" | "unrelate" }>;
  }[]
> {
  // Without a join, for which SQLite would go through all cards: there are hardly ever any.
  const { rows } = await sql<OpenRow>`
    select issue_id, uuid, kind, fields, payload, created_at from operation
    where settled_at is null and kind in ('relate', 'unrelate') and state in ${anyOpenState}
    order by id`.execute(db);
  if (rows.length === 0) return [];
  const { rows: cards } = await sql<{ issueId: number; nativeId: string; connectionId: number }>`
    select issue_id as "issueId", native_id as "nativeId", connection_id as "connectionId" from card
    where issue_id in ${db.dialect.list(rows.map((row) => row.issue_id))}`.execute(db);
  const issues = new Map(cards.map((card) => [card.issueId, card]));
  return rows.flatMap((row) => {
    const change = toOpenChange(row);
    const issue = issues.get(row.issue_id);
    return issue === undefined || change === null || change.kind === "edit" ? [] : [{ ...issue, change }];
  });
}

/** The same for one issue's operations. */
export function openChangesOf(operations: readonly Operation[]): readonly OpenChange[] {
  return operations.flatMap(({ kind, uuid, fields, payload, state, createdAt: at }): OpenChange[] => {
    if (!openStates.includes(state)) return [];
    if (kind === "edit") return [{ kind, fields, at }];
    if ((kind !== "relate" && kind !== "unrelate") || payload.relation === undefined) return [];
    return [{ kind, uuid, relation: payload.relation }];
  });
}

type OpenRow = {
  issue_id: number;
  uuid: string;
  kind: string;
  fields: string;
  payload: string;
  created_at: number;
};

function toOpenChange(row: OpenRow): OpenChange | null {
  if (row.kind === "edit") {
    return { kind: "edit", fields: JSON.parse(row.fields) as readonly FieldChange[], at: row.created_at };
  }
  const { relation } = JSON.parse(row.payload) as OperationPayload;
  if (relation === undefined || (row.kind !== "relate" && row.kind !== "unrelate")) return null;
  return { kind: row.kind, uuid: row.uuid, relation };
}
