import { sql } from "kysely";
import type { Database, Trx } from "../database/database.ts";
import { foldedWords } from "../search/fold-text.ts";

const batchSize = 1000;

/**
 * Labels the words of refs and titles in PostgreSQL's index, for ranking matches. They are the first words of each entry. SQLite's index has a separate column
 * for them.
 */
export async function markTitles(db: Trx, kind: Database["kind"]): Promise<void> {
  if (kind === "sqlite") return;
  for (let last = 0; ;) {
    const { rows } = await sql<{ id: number; ref: string; title: string }>`
      select issue_id as id, ref, title from card where issue_id > ${last} order by issue_id limit ${batchSize}`.execute(
      db,
    );
    const final = rows.at(-1);
    if (final === undefined) return;
    last = final.id;
    await sql`
      update search s
      set words = coalesce((
        select string_agg(
          '''' || w.lexeme || ''':' || (
            select string_agg(at || case when at <= head.words then 'A' else '' end, ',' order by at)
            from unnest(w.positions) at
          ), ' ')
        from unnest(s.words) w
      ), '')::tsvector
      from unnest(
        ${rows.map(({ id }) => id)}::bigint[],
        ${rows.map(({ ref, title }) => foldedWords(`${ref}\n${title}`).length)}::integer[]
      ) head (id, words)
      where s.issue_id = head.id`.execute(db);
  }
}
