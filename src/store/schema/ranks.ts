import { sql } from "kysely";
import type { Database, Trx } from "../database/database.ts";

/** The manual order: `rank` if an issue was placed by hand, otherwise its creation time, so that every issue has a place and new ones come first. */
export async function createRanks(db: Trx, kind: Database["kind"]): Promise<void> {
  const lite = kind === "sqlite";
  const real = lite ? "real" : "double precision";
  for (const statement of [
    `alter table issue add column rank ${real}`,
    // SQLite can add only virtual generated columns; the index stores their values all the same.
    `alter table issue add column manual_rank ${real} generated always as (coalesce(rank, created_at)) ${lite ? "virtual" : "stored"}`,
    `create index issue_by_rank on issue (source_id, status, manual_rank${lite ? "" : ", id"})`,
  ]) {
    await sql.raw(statement).execute(db);
  }
}
