import { sql } from "kysely";
import type { Trx } from "../database/database.ts";
import { findMentions } from "../links/index-mentions.ts";
import { resolveWords } from "../links/resolve-mentions.ts";
import type { SourceRecord } from "../sources/source-record.ts";
import type { IssueDetail } from "../store.ts";
import { addressOf, findSharedRefs } from "./shared-refs.ts";

/** What an issue's texts call mirrored issues, itself among them: every word of a text that names one. */
export async function findWrittenRefs(
  db: Trx,
  sources: readonly SourceRecord[],
  issueId: number,
): Promise<IssueDetail["mentions"]> {
  const words = await resolveWords(db, sources, await findMentions(db, [issueId]));
  if (words.length === 0) return [];
  const { rows } = await sql<{ issue_id: number; source_id: number; ref: string; url: string }>`
    select issue_id, source_id, ref, url from card
    where issue_id in ${db.dialect.list([...new Set(words.map(({ otherId }) => otherId))])}`.execute(db);
  const shared = await findSharedRefs(
    db,
    sources,
    rows.map(({ ref }) => ref),
  );
  const others = new Map(rows.map((row) => [row.issue_id, row]));
  const bySource = new Map(sources.map((source) => [source.id, source]));
  return words.flatMap(({ written, otherId }) => {
    const other = others.get(otherId);
    return other === undefined ? [] : [{ written, address: addressOf(other, bySource.get(other.source_id), shared) }];
  });
}

/** The key of a source's newest mirrored issue; null if there is none. */
export async function findNewestKey(db: Trx, sourceId: number): Promise<string | null> {
  // One look into the index for each status.
  const newest = sql.join(
    [0, 1, 2, 3, 4, 5].map(
      (status) => sql`select * from (
        select id, created_at from issue where source_id = ${sourceId} and status = ${status}
        order by created_at desc, id desc limit 1) one_${sql.raw(String(status))}`,
    ),
    sql` union all `,
  );
  const { rows } = await sql<{ key: string }>`
    select c.key from (${newest}) newest join card c on c.issue_id = newest.id
    order by newest.created_at desc limit 1`.execute(db);
  return rows[0]?.key ?? null;
}
