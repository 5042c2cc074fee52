import { sql } from "kysely";
import type { IssueAddress } from "../../domain/operation.ts";
import type { Trx } from "../database/database.ts";
import type { SourceRecord } from "../sources/source-record.ts";

/** The address of an issue in its tracker; if it is not mirrored, only its id is known. */
export async function addressOf(
  db: Trx,
  source: Pick<SourceRecord, "connectionId">,
  nativeId: string,
): Promise<IssueAddress> {
  const { rows } = await sql<{ key: string; config: string }>`
    select c.key, s.config from card c join source s on s.id = c.source_id
    where c.native_id = ${nativeId} and c.connection_id = ${source.connectionId}`.execute(db);
  const row = rows[0];
  if (row === undefined) return { nativeId, key: "", sourceKey: "" };
  return { nativeId, key: row.key, sourceKey: (JSON.parse(row.config) as { key: string }).key };
}
