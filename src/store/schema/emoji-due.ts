import { sql } from "kysely";
import type { Database, Trx } from "../database/database.ts";

/** Emoji became searchable words: marks issues that contain some, whose entries are rewritten before the next search. */
export async function noteEmojiDue(db: Trx, kind: Database["kind"]): Promise<void> {
  const has = (column: string) =>
    kind === "sqlite"
      ? `${column} glob '*[' || char(${0x2190}) || '-' || char(${0x2bff}) || char(${0x1f000}) || '-' || char(${0x1faff}) || ']*'`
      : `${column} ~ '[\\u2190-\\u2BFF\\U0001F000-\\U0001FAFF]'`;
  await sql
    .raw(
      `insert into search_due (issue_id)
       select issue_id from card where ${has("title")}
       union select issue_id from base where ${has("record")}
       union select issue_id from comment where ${has("body")}
       on conflict do nothing`,
    )
    .execute(db);
}
