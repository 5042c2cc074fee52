import { sql } from "kysely";
import type { Trx } from "../database/database.ts";
import { foldRef } from "../mirror/ref.ts";
import type { Match } from "../search/parse-query.ts";

/** Above any score of words alone. */
const refScore = 2_000_000_000;

/** Scores the hits of a search: the issue whose ref was typed first, then those with more of the words in the title, then by how much of the text the words are. */
export async function rankHits(db: Trx, match: Match): Promise<void> {
  await db.dialect.search.rank(db, match);
  const typed = foldRef(match.text);
  // `#45` and `!23` are refs without the project's word.
  const isShort = /^[#!]\d+$/.test(typed);
  const refs = isShort
    ? sql`c.ref_folded like ${`%${typed}`} and c.issue_id in (select id from ${db.dialect.search.hits()})`
    : sql`c.ref_folded = ${typed}`;
  await sql`
    update ${db.dialect.search.hits()} set score = score + ${refScore}
    where id in (select c.issue_id from card c where ${refs})`.execute(db);
}
