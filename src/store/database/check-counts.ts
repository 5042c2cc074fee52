import { sql } from "kysely";
import type { Db } from "./database.ts";

/** Compares the stored counts with the issues; returns a sentence for each source with wrong counts. */
export async function checkCounts(db: Db): Promise<readonly string[]> {
  const { rows } = await sql<{ config_id: string }>`
    select distinct s.config_id
    from (select source_id, status, count(*) as n from issue group by source_id, status) counted
    full join (select source_id, status, issues as n from source_count where issues <> 0) kept
      on kept.source_id = counted.source_id and kept.status = counted.status
    join source s on s.id = coalesce(counted.source_id, kept.source_id)
    where counted.n is distinct from kept.n
    order by s.config_id`.execute(db);
  return rows.map((row) => `the counts of ${row.config_id} are not true`);
}
