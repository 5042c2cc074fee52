import { sql } from "kysely";
import type { Database, Trx } from "../database/database.ts";

/** Stores the source of issues that are gone with their history. For issues already gone, it is derived from operations made here. */
export async function keepGoneSources(db: Trx, kind: Database["kind"]): Promise<void> {
  for (const statement of [
    `alter table history add column source_id ${kind === "sqlite" ? "integer" : "bigint"}`,
    `update history set source_id = (select max(o.source_id) from operation o where o.issue_id = history.issue_id)
      where not exists (select 1 from issue where issue.id = history.issue_id)`,
  ]) {
    await sql.raw(statement).execute(db);
  }
}
