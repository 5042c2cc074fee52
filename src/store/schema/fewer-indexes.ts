import { sql } from "kysely";
import type { Trx } from "../database/database.ts";

/**
 * Keeps fewer indexes, because a user's change writes mostly index pages before it is acknowledged. Few operations are open at a time, so one index of them
 * serves an issue and a connection; the lines of an operation are found among those of its issue; the newest entry of a session is near the end of its table.
 */
export async function keepFewerIndexes(db: Trx): Promise<void> {
  for (const statement of [
    "drop index operation_unsettled",
    "drop index operation_unsettled_by_issue",
    "create index operation_unsettled on operation (issue_id, id) where settled_at is null",
    "drop index history_by_operation",
    "drop index undo_entry_open",
  ]) {
    await sql.raw(statement).execute(db);
  }
}
