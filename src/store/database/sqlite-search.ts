import { sql } from "kysely";
import { foldText } from "../search/fold-text.ts";
import type { Match } from "../search/parse-query.ts";
import type { Database } from "./database.ts";
import type { SqliteHandle } from "./sqlite-driver.ts";

/** Full-text search with FTS5: a contentless index whose row ids are the issues' ids. `held` gives the connection that is writing. */
export function sqliteSearch(held: () => SqliteHandle): Database["search"] {
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
    // One pass over the full-text index: looking up a prefix for one row costs as much as for all of them.
    prepare: async (db, match) => {
      await sql`create temp table if not exists hit (id integer primary key)`.execute(db);
      await sql`delete from temp.hit`.execute(db);
      await sql`insert into temp.hit (id) select rowid from search where search match ${toFts(match)}`.execute(db);
    },
    matches: () => sql`i.id in (select id from temp.hit)`,
    // The sign keeps the planner from starting with the matches.
    probes: () => sql`+i.id in (select id from temp.hit)`,
  };
}

/** FTS5's query language, https://www.sqlite.org/fts5.html#full_text_query_syntax; folded words hold nothing that would need quoting. */
function toFts(match: Match): string {
  return match.phrases.map(({ words, prefix }) => `"${words.join(" ")}"${prefix ? " *" : ""}`).join(" AND ");
}
