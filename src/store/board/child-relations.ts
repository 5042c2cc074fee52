import { sql } from "kysely";
import type { Trx } from "../database/database.ts";
import { handlesOf } from "../mirror/ref.ts";
import type { SourceRecord } from "../sources/source-record.ts";
import type { RelationRow } from "./relation-row.ts";

/** The mirrored issues whose parent is this one, as relations; most trackers return the parent with the child, not children with the parent. */
export async function findChildRelations(
  db: Trx,
  sources: readonly SourceRecord[],
  issue: { readonly nativeId: string; readonly key: string; readonly sourceId: number },
): Promise<readonly RelationRow[]> {
  const source = sources.find(({ id }) => id === issue.sourceId);
  const handles = handlesOf(issue, source?.config.key ?? "");
  const { rows } = await sql<RelationRow>`
    select c.native_id as native_id, 'child' as type, c.native_id as target,
      c.ref, c.url, c.source_id, c.title, i.status
    from card c join issue i on i.id = c.issue_id
    where c.parent in ${db.dialect.list(handles)} and i.source_id in ${db.dialect.list(sources.map(({ id }) => id))}
      and c.connection_id = (select own.connection_id from card own
        where own.native_id = ${issue.nativeId} and own.source_id = ${issue.sourceId})
    order by c.issue_id`.execute(db);
  return rows;
}
