import { sql } from "kysely";
import type { Trx } from "../database/database.ts";
import { tombstoneRows } from "../schema/bulk-tables.ts";

/** When issues were found to be gone; an answer requested before that does not bring them back. */
export async function findTombstones(
  db: Trx,
  connectionId: number,
  nativeIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (nativeIds.length === 0) return new Map();
  const { rows } = await sql<{ native_id: string; requested_at: number }>`
    select native_id, requested_at from tombstone
    where connection_id = ${connectionId} and native_id in ${db.dialect.list(nativeIds)}`.execute(db);
  return new Map(rows.map((row) => [row.native_id, row.requested_at]));
}

/** Notes that these were gone when their tracker was asked for each, `askedAt`: an answer from before brings none of them back. */
export async function writeTombstones(
  db: Trx,
  connectionId: number,
  nativeIds: readonly string[],
  askedAt: (nativeId: string) => number,
): Promise<void> {
  await db.dialect.upsertMany(
    db,
    tombstoneRows,
    nativeIds.map((nativeId) => [connectionId, nativeId, askedAt(nativeId)]),
  );
}

/** For issues that live again. */
export async function removeTombstones(db: Trx, connectionId: number, nativeIds: readonly string[]): Promise<void> {
  if (nativeIds.length === 0) return;
  await sql`
    delete from tombstone
    where connection_id = ${connectionId} and native_id in ${db.dialect.list(nativeIds)}`.execute(db);
}
