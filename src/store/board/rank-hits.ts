import { sql } from "kysely";
import type { Trx } from "../database/database.ts";
import { foldRef } from "../mirror/ref.ts";
import type { Match } from "../search/parse-query.ts";

/** Higher than any score of words alone. */
const refScore = 2_000_000_000;

/**
 * Scores the hits of a search: first the issue whose ref was typed, then those with more of the words in the title, then by the share of the words in the text.
 */
export async function rankHits(db: Trx, match: Match): Promise<void> {
  await db.dialect.search.rank(db, match);
  const typed = foldRef(match.text);
  // `#45` and `!23` are refs without the project's prefix.
  const isShort = /^[#!]\d+$/.test(typed);
  const refs = isShort
    ? sql`c.ref_folded like ${`%${typed}`} and c.issue_id in (select id from ${db.dialect.search.hits()})`
    : sql`c.ref_folded = ${typed}`;
  await sql`
    update ${db.dialect.search.hits()} set score = score + ${refScore}
    where id in (select c.issue_id from card c where ${refs})`.execute(db);
}
