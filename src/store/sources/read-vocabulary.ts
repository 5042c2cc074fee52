import { sql } from "kysely";
import type { Vocabulary } from "../../domain/issue.ts";
import type { Trx } from "../database/database.ts";
import { fromJson, getSource } from "./source-record.ts";

/** See `SourceStore.vocabulary`. Only words that the tracker has named. */
export async function readVocabulary(db: Trx, id: number): Promise<Vocabulary> {
  const { connectionId, form } = await getSource(db, id);
  const states = await sql<{
    id: string;
    name: string;
    category: string;
    position: number;
    types: string | null;
    place: string | null;
  }>`
    select native_id as id, name, category, position, types, place from state
    where scope_id = ${id} and known = 1 order by position, name, native_id`.execute(db);
  const labels = await sql<{ id: string; name: string; color: string | null }>`
    select native_id as id, name, color from label
    where scope_id = ${id} and known = 1 order by name_folded, native_id`.execute(db);
  const cycles = await sql<{ id: string; name: string; startsAt: number | null; endsAt: number | null }>`
    select native_id as id, name, starts_at as "startsAt", ends_at as "endsAt" from cycle
    where scope_id = ${id} and known = 1 order by starts_at, name_folded, native_id`.execute(db);
  const priorities = await sql<{ id: string; name: string }>`
    select native_id as id, name from native_priority where scope_id = ${id} and known = 1 order by id`.execute(db);
  const people = await sql<{ id: string; login: string; name: string; avatarUrl: string | null }>`
    select native_id as id, login, name, avatar_url as "avatarUrl" from person
    where scope_id = ${connectionId} and native_id in ${db.dialect.list(form?.members ?? [])}
    order by login_folded, native_id`.execute(db);
  return {
    states: states.rows.map(({ types, place, ...state }) => {
      const only = fromJson<readonly string[]>(types);
      return { ...state, ...(only === null ? {} : { types: only }), ...(place === null ? {} : { place }) };
    }),
    labels: labels.rows,
    cycles: cycles.rows,
    priorities: priorities.rows,
    people: people.rows,
  };
}
