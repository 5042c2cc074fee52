import { type RawBuilder, sql } from "kysely";
import type { Trx } from "../database/database.ts";

/** The stored data that a new record of an issue is compared with. */
export type Mirrored = {
  readonly id: number;
  readonly nativeId: string;
  readonly sourceId: number;
  readonly key: string;
  readonly ref: string;
  readonly title: string;
  readonly parent: string | null;
  readonly status: number;
  readonly priority: number;
  readonly requestedAt: number;
  readonly commentsAt: number | null;
  /** The base, as text. */
  readonly record: string;
};

/** The mirrored issues with these native ids, in any source of the connection. */
export async function findMirrored(
  db: Trx,
  connectionId: number,
  nativeIds: readonly string[],
): Promise<Map<string, Mirrored>> {
  if (nativeIds.length === 0) return new Map();
  const rows = await readMirrored(
    db,
    sql`c.native_id in ${db.dialect.list(nativeIds)} and c.connection_id = ${connectionId}`,
  );
  return new Map(rows.map((row) => [row.nativeId, row]));
}

/** A mirrored issue by its id; undefined if it is gone. */
export async function findMirroredIssue(db: Trx, issueId: number): Promise<Mirrored | undefined> {
  const [row] = await readMirrored(db, sql`c.issue_id = ${issueId}`);
  return row;
}

async function readMirrored(db: Trx, where: RawBuilder<unknown>): Promise<readonly Mirrored[]> {
  const { rows } = await sql<{
    id: number;
    native_id: string;
    source_id: number;
    key: string;
    ref: string;
    title: string;
    parent: string | null;
    status: number;
    priority: number;
    requested_at: number;
    comments_at: number | null;
    record: string;
  }>`
    select i.id, c.native_id, i.source_id, c.key, c.ref, c.title, c.parent, i.status, i.priority, i.requested_at,
      i.comments_at, b.record
    from card c join issue i on i.id = c.issue_id join base b on b.issue_id = c.issue_id
    where ${where}`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    nativeId: row.native_id,
    sourceId: row.source_id,
    key: row.key,
    ref: row.ref,
    title: row.title,
    parent: row.parent,
    status: row.status,
    priority: row.priority,
    requestedAt: row.requested_at,
    commentsAt: row.comments_at,
    record: row.record,
  }));
}
