import { sql } from "kysely";
import type { Trx } from "../database/database.ts";
import { tombstoneRows } from "../schema/bulk-tables.ts";

/** When issues were found to be gone; an answer requested before that does not restore them. */
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

/** Records that these issues were gone at the request times `askedAt`, so that no earlier answer restores them. */
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

/** Removes the tombstones of issues that exist again. */
export async function removeTombstones(db: Trx, connectionId: number, nativeIds: readonly string[]): Promise<void> {
  if (nativeIds.length === 0) return;
  await sql`
    delete from tombstone
    where connection_id = ${connectionId} and native_id in ${db.dialect.list(nativeIds)}`.execute(db);
}
