import { sql } from "kysely";
import type { Database, Trx } from "../database/database.ts";

/** Names of parents and related issues as returned with other issues, for those that are not mirrored. */
export async function createNamedIssues(db: Trx, kind: Database["kind"]): Promise<void> {
  const int = kind === "sqlite" ? "integer" : "bigint";
  await sql
    .raw(
      `create table named_issue (
        connection_id ${int} not null references connection(id) on delete cascade,
        native_id text not null,
        key text not null,
        title text not null,
        url text not null,
        primary key (connection_id, native_id)
      )`,
    )
    .execute(db);
}
