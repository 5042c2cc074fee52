import { sql } from "kysely";
import type { Trx } from "../database/database.ts";

/**
 * Indexes the open changes of relations: every read of a card asks for them, because they also show at the other issue, and there may be thousands of other open
 * changes.
 */
export async function indexOpenRelations(db: Trx): Promise<void> {
  await sql
    .raw(
      "create index operation_relating on operation (id) where settled_at is null and kind in ('relate', 'unrelate')",
    )
    .execute(db);
}
