import { sql } from "kysely";
import { foldedWords } from "../search/fold-text.ts";
import type { Match } from "../search/parse-query.ts";
import type { Database, SearchEntry } from "./database.ts";

/** What PostgreSQL keeps of one text, https://www.postgresql.org/docs/current/textsearch-limitations.html */
const lastPosition = 16_383;
const mostPositions = 255;
/** Between the parts of an issue, so that no phrase reaches from one into the next. */
const gap = 50;

/** Full-text search with a `tsvector` that is built here, word by word, so that both databases index the same words. */
export function postgresSearch(): Database["search"] {
  const matches = (match: Match) =>
    sql<boolean>`i.id in (select s.issue_id from search s where s.words @@ ${toTsquery(match)}::tsquery)`;
  return {
    write: async (db, entries) => {
      if (entries.length === 0) return;
      await sql`
        insert into search (issue_id, words)
        select id, words::tsvector
        from unnest(${entries.map((entry) => entry.id)}::bigint[], ${entries.map(toTsvector)}::text[]) as entry (id, words)
        on conflict (issue_id) do update set words = excluded.words`.execute(db);
    },
    remove: async (db, ids) => {
      await sql`delete from search where issue_id = any(${ids}::bigint[])`.execute(db);
    },
    matches,
    prepare: async () => {},
    probes: (match) =>
      sql`exists (select 1 from search s where s.issue_id = i.id and s.words @@ ${toTsquery(match)}::tsquery offset 0)`,
  };
}

function toTsvector(entry: SearchEntry): string {
  const positions = new Map<string, number[]>();
  let position = 0;
  for (const part of [entry.head, entry.body, entry.comments]) {
    for (const word of foldedWords(part)) {
      position += 1;
      const seen = positions.get(word);
      if (!seen) positions.set(word, [Math.min(position, lastPosition)]);
      else if (seen.length < mostPositions && position <= lastPosition) seen.push(position);
    }
    position += gap;
  }
  return [...positions].map(([word, at]) => `'${word}':${at.join(",")}`).join(" ");
}

/** Words in a row with `<->`; folded words hold nothing that would need quoting. */
function toTsquery(match: Match): string {
  return match.phrases
    .map(({ words, prefix }) =>
      words.map((word, index) => `'${word}'${prefix && index === words.length - 1 ? ":*" : ""}`).join(" <-> "),
    )
    .map((phrase) => `(${phrase})`)
    .join(" & ");
}
