import { sql } from "kysely";
import { foldText } from "../search/fold-text.ts";
import type { Match, Phrase } from "../search/parse-query.ts";
import type { Dialect } from "./database.ts";
import { headWeight, maxRanked, titleScore } from "./search-weights.ts";
import type { SqliteHandle } from "./sqlite-statements.ts";

/** Full-text search with FTS5: a contentless index whose row ids are the issues' ids. `held` returns the connection that is writing. */
export function sqliteSearch(held: () => SqliteHandle): Dialect["search"] {
  return {
    write: async (_db, entries) => {
      const { statement } = held().prepare(
        "insert or replace into search (rowid, head, body, comments) values (?, ?, ?, ?)",
      );
      for (const entry of entries) {
        statement.run(entry.id, foldText(entry.head), foldText(entry.body), foldText(entry.comments));
      }
    },
    remove: async (_db, ids) => {
      const { statement } = held().prepare("delete from search where rowid = ?");
      for (const id of ids) statement.run(id);
    },
    // One pass over the full-text index: looking up a prefix costs the same for one row as for all.
    prepare: async (db, match) => {
      await sql`create temp table if not exists hit (id integer primary key, score integer not null default 0)`.execute(
        db,
      );
      await sql`delete from temp.hit`.execute(db);
      await sql`insert into temp.hit (id) select rowid from search where search match ${toFts(match)}`.execute(db);
    },
    rank: async (db, match) => {
      const { rows } = await sql<{ n: number }>`select count(*) as n from temp.hit`.execute(db);
      if ((rows[0]?.n ?? 0) > maxRanked) return;
      // A smaller bm25 is a better match: https://www.sqlite.org/fts5.html#the_bm25_function
      await sql`
        update temp.hit set score = found.score
        from (
          select rowid as id, cast(-1000 * bm25(search, ${headWeight}, 1, 1) as integer) as score
          from search where search match ${toFts(match)}
        ) found
        where found.id = hit.id`.execute(db);
      for (const phrase of match.phrases) {
        await sql`
          update temp.hit set score = score + ${titleScore}
          where id in (select rowid from search where search match ${`head : ${toPhrase(phrase)}`})`.execute(db);
      }
    },
    hits: () => sql`temp.hit`,
    matches: () => sql`i.id in (select id from temp.hit)`,
    // The plus sign keeps the planner from starting with the matches.
    probes: () => sql`+i.id in (select id from temp.hit)`,
  };
}

/** Converts to FTS5's query language, https://www.sqlite.org/fts5.html#full_text_query_syntax; folded words need no quoting. */
function toFts(match: Match): string {
  return match.phrases.map(toPhrase).join(" AND ");
}

function toPhrase({ words, prefix }: Phrase): string {
  return `"${words.join(" ")}"${prefix ? " *" : ""}`;
}
