import { sql } from "kysely";
import type { OperationState } from "../../domain/operation.ts";
import type { Trx } from "../database/database.ts";
import { anyOpenState } from "../outbox/operation-row.ts";
import type { OperationReason } from "../outbox/outbox.ts";
import { fromJson } from "../sources/source-record.ts";
import type { CardSync } from "./issue-card.ts";

/** The state of an issue without pending changes. */
export const synced: CardSync = { state: "synced", reason: null, operation: null, waitsUntil: null };

/** How many comments the open operations of these issues add, by issue; negative if they remove more. */
export async function findCommentDifferences(
  db: Trx,
  issueIds: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  if (issueIds.length === 0) return new Map();
  const { rows } = await sql<{ id: number; by: number }>`
    select issue_id as id, cast(sum(case kind when 'comment' then 1 else -1 end) as bigint) as by from operation
    where settled_at is null and issue_id in ${db.dialect.list(issueIds)} and state in ${anyOpenState}
      and kind in ('comment', 'delete_comment')
    group by issue_id`.execute(db);
  return new Map(rows.map(({ id, by }) => [id, by]));
}

/** Operations that need the user come first; among pending ones the oldest, which the others wait for. */
const order: readonly CardSync["state"][] = ["failed", "conflict", "pending"];

/** The sync state of these issues' changes; issues without changes are left out. */
export async function findStandings(db: Trx, issueIds: readonly number[]): Promise<ReadonlyMap<number, CardSync>> {
  const standings = new Map<number, CardSync>();
  if (issueIds.length === 0) return standings;
  const { rows } = await sql<{
    id: number;
    issue_id: number;
    state: OperationState;
    reason: string | null;
    next_attempt_at: number | null;
  }>`
    select id, issue_id, state, reason, next_attempt_at from operation
    where settled_at is null and issue_id in ${db.dialect.list(issueIds)} order by id`.execute(db);
  for (const row of rows) {
    const state = row.state === "refused" ? "failed" : row.state === "conflict" ? "conflict" : "pending";
    const known = standings.get(row.issue_id);
    if (known !== undefined && order.indexOf(known.state) <= order.indexOf(state)) continue;
    standings.set(row.issue_id, {
      state,
      reason: fromJson<OperationReason>(row.reason)?.message ?? null,
      operation: row.id,
      waitsUntil: state === "pending" && row.state !== "sending" ? row.next_attempt_at : null,
    });
  }
  return standings;
}
