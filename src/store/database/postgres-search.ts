import { sql } from "kysely";
import { foldedWords } from "../search/fold-text.ts";
import type { Match, Phrase } from "../search/parse-query.ts";
import type { Dialect, SearchEntry } from "./database.ts";
import { headWeight, maxRanked, titleScore } from "./search-weights.ts";

/** PostgreSQL's limits for one text, https://www.postgresql.org/docs/current/textsearch-limitations.html */
const lastPosition = 16_383;
const maxPositions = 255;
/** The label of words in ref and title. */
export const headLabel = "A";
/** The gap between positions of an issue's parts, so that no phrase spans two of them. */
const gap = 50;

/** The table for a transaction's matches; emptied when it ends. Every connection has its own. */
export const createHits =
  "create temp table hit (id bigint primary key, score bigint not null default 0) on commit delete rows";

/** Full-text search with a `tsvector` built here word by word, so that both databases index the same words. */
export function postgresSearch(): Dialect["search"] {
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
    // One pass over the index. The planner underestimates the cost of reading a `tsvector` stored out of line (TOAST), and would rather read all of them.
    prepare: async (db, match) => {
      await sql`set local enable_seqscan = off`.execute(db);
      await sql`
        insert into pg_temp.hit (id)
        select s.issue_id from search s where s.words @@ ${toTsquery(match)}::tsquery`.execute(db);
      await sql`set local enable_seqscan = on`.execute(db);
      // Statistics, so that the next queries start from the matches if there are few.
      await sql`analyze pg_temp.hit`.execute(db);
    },
    rank: async (db, match) => {
      const { rows } = await sql<{ n: number }>`select count(*) as n from pg_temp.hit`.execute(db);
      if ((rows[0]?.n ?? 0) > maxRanked) return;
      // https://www.postgresql.org/docs/current/textsearch-controls.html#TEXTSEARCH-RANKING; 1: longer texts count for less.
      const inTitle = match.phrases.map(
        (phrase) => sql`(s.words @@ ${toPhrase(phrase, headLabel)}::tsquery)::integer::bigint * ${titleScore}`,
      );
      await sql`
        update pg_temp.hit
        set score = (1000000 * ts_rank(${`{${1 / headWeight}, 0, 0, 1}`}::float4[], s.words, ${toTsquery(match)}::tsquery, 1))::bigint
          + ${sql.join(inTitle, sql` + `)}
        from search s where s.issue_id = hit.id`.execute(db);
    },
    hits: () => sql`pg_temp.hit`,
    matches: () => sql`i.id in (select id from pg_temp.hit)`,
    probes: () => sql`exists (select 1 from pg_temp.hit where hit.id = i.id offset 0)`,
  };
}

function toTsvector(entry: SearchEntry): string {
  const positions = new Map<string, string[]>();
  let position = 0;
  for (const [index, part] of [entry.head, entry.body, entry.comments].entries()) {
    const label = index === 0 ? headLabel : "";
    for (const word of foldedWords(part)) {
      position += 1;
      const at = `${Math.min(position, lastPosition)}${label}`;
      const seen = positions.get(word);
      if (!seen) positions.set(word, [at]);
      else if (seen.length < maxPositions && position <= lastPosition) seen.push(at);
    }
    position += gap;
  }
  return [...positions].map(([word, at]) => `'${word}':${at.join(",")}`).join(" ");
}

/** Joins words of a phrase with `<->`; folded words need no quoting. */
function toTsquery(match: Match): string {
  return match.phrases.map((phrase) => `(${toPhrase(phrase)})`).join(" & ");
}

/** `label` restricts the match to parts with that label. */
function toPhrase({ words, prefix }: Phrase, label = ""): string {
  return words
    .map((word, index) => {
      const how = `${prefix && index === words.length - 1 ? "*" : ""}${label}`;
      return `'${word}'${how === "" ? "" : `:${how}`}`;
    })
    .join(" <-> ");
}
