import { sql } from "kysely";
import type { OperationState } from "../../domain/operation.ts";
import type { Trx } from "../database/database.ts";
import type { OperationReason } from "../outbox/outbox.ts";
import { fromJson } from "../sources/source-record.ts";
import type { CardSync } from "./issue-card.ts";

/** The state of an issue without pending changes. */
export const synced: CardSync = { state: "synced", reason: null, operation: null, waitsUntil: null };

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
