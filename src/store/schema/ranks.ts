import { sql } from "kysely";
import type { Database, Trx } from "../database/database.ts";

/**
 * The manual order: `rank` where people have placed an issue, and the time it was made where they have not, so that every issue has its place and new ones come first.
 */
export async function createRanks(db: Trx, kind: Database["kind"]): Promise<void> {
  const lite = kind === "sqlite";
  const real = lite ? "real" : "double precision";
  for (const statement of [
    `alter table issue add column rank ${real}`,
    // SQLite adds only columns that are computed on reading; the index keeps them all the same.
    `alter table issue add column manual_rank ${real} generated always as (coalesce(rank, created_at)) ${lite ? "virtual" : "stored"}`,
    `create index issue_by_rank on issue (source_id, status, manual_rank${lite ? "" : ", id"})`,
  ]) {
    await sql.raw(statement).execute(db);
  }
}
