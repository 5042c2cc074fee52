import { sql } from "kysely";
import type { Trx } from "../database/database.ts";
import type { SourceRecord } from "../sources/source-record.ts";

/** The local statuses (index into `statuses`) of a shadowed project's issues, by issue; none for other projects. */
export async function findShadows(
  db: Trx,
  source: SourceRecord,
  issueIds: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  if (!source.config.shadow || issueIds.length === 0) return new Map();
  const { rows } = await sql<{ issue_id: number; status: number }>`
    select issue_id, status from shadow where issue_id in ${db.dialect.list(issueIds)}`.execute(db);
  return new Map(rows.map((row) => [row.issue_id, row.status]));
}

/** Ends a local status: the tracker's is shown. */
export async function endShadow(db: Trx, issueId: number): Promise<void> {
  await db.deleteFrom("shadow").where("issue_id", "=", issueId).execute();
}

/** Stores a local status beside the tracker's. */
export async function writeShadow(db: Trx, issueId: number, status: number): Promise<void> {
  await db
    .insertInto("shadow")
    .values({ issue_id: issueId, status })
    .onConflict((conflict) => conflict.column("issue_id").doUpdateSet({ status }))
    .execute();
}
