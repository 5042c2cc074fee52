import { sql } from "kysely";
import { type ActorKind, actorWords } from "../domain/actor-kind.ts";
import { settledStates } from "../domain/settled-states.ts";
import type { SourceConfig } from "../domain/source.ts";
import type { Database, Trx } from "./database/database.ts";
import type { HistoryCount, HistoryEntry, HistoryKind, HistoryStore } from "./store.ts";

export function historyStore(database: Database): HistoryStore {
  return {
    list: ({ limit, before, beforeId, ...kind }) =>
      database.read(async (db) => {
        const older =
          before === undefined
            ? sql`1 = 1`
            : beforeId === undefined
              ? sql`h.at < ${before}`
              : sql`(h.at, h.id) < (${before}, ${beforeId})`;
        const { rows } = await sql<{
          id: number;
          at: number;
          ref: string;
          title: string;
          actor: string;
          field: string;
          from_value: string | null;
          to_value: string | null;
          state: string;
          operation_id: number | null;
          config: string | null;
        }>`
          select h.id, h.at, coalesce(c.ref, h.ref) as ref, h.title, h.actor, h.field, h.from_value, h.to_value, h.state, h.operation_id, s.config
          from history h left join issue i on i.id = h.issue_id
            left join card c on c.issue_id = h.issue_id left join source s on s.id = coalesce(i.source_id, h.source_id)
          where ${await isOfKind(db, kind)} and ${older}
          order by h.at desc, h.id desc limit ${limit}`.execute(db);
        return rows.map((row): HistoryEntry => ({
          id: row.id,
          at: row.at,
          ref: row.ref,
          title: row.title,
          actor: row.actor,
          field: row.field,
          from: row.from_value,
          to: row.to_value,
          state: row.state,
          tracker: trackerOf(row.config),
          operation: row.operation_id,
        }));
      }),
    total: (kind) =>
      database.read(async (db) => {
        const { rows } = await sql<{ entries: number }>`
          select count(*) as entries from history h left join issue i on i.id = h.issue_id
          where ${await isOfKind(db, kind)}`.execute(db);
        return Number(rows[0]?.entries ?? 0);
      }),
    // Reads issues one by one: PostgreSQL would scan all of them to join a few entries.
    counts: (since) =>
      database.read(async (db) => {
        const { rows } = await sql<{ actor: string; state: string; config: string | null; entries: number }>`
          select n.actor, n.state, s.config, n.entries
          from (
            select e.actor, e.state, e.source_id, count(*) as entries
            from (
              select h.actor, h.state,
                coalesce((select i.source_id from issue i where i.id = h.issue_id), h.source_id) as source_id
              from history h where h.at >= ${since}
            ) e
            group by e.actor, e.state, e.source_id
          ) n
          left join source s on s.id = n.source_id`.execute(db);
        const counts = new Map<string, HistoryCount>();
        for (const { actor, state, config, entries } of rows) {
          const tracker = trackerOf(config);
          const key = JSON.stringify([actor, tracker, state]);
          counts.set(key, { actor, tracker, state, entries: entries + (counts.get(key)?.entries ?? 0) });
        }
        return [...counts.values()];
      }),
  };
}

/** The condition that an entry is of the requested kind. */
async function isOfKind(db: Trx, { issueId, by, tracker, settled }: HistoryKind) {
  const ofIssue = issueId === undefined ? sql`1 = 1` : sql`h.issue_id = ${issueId}`;
  const inTracker =
    tracker === undefined
      ? sql`1 = 1`
      : sql`coalesce(i.source_id, h.source_id) in ${db.dialect.list(await sourcesOfTracker(db, tracker))}`;
  const decided =
    settled === true ? sql`h.state in ${db.dialect.list(settledStates)} and not (${actedBy("tracker")})` : sql`1 = 1`;
  return sql<boolean>`${ofIssue} and ${inTracker} and ${actedBy(by)} and ${decided}`;
}

/** The condition that an entry was made by an actor of this kind. */
function actedBy(by: ActorKind | undefined) {
  if (by === undefined) return sql<boolean>`1 = 1`;
  const isOneOf = (words: readonly string[]) =>
    sql.join(
      words.map((word) => sql`h.actor = ${word} or h.actor like ${`${word} %`}`),
      sql` or `,
    );
  return by === "tracker"
    ? sql<boolean>`not (${isOneOf(Object.values(actorWords).flat())})`
    : sql<boolean>`(${isOneOf(actorWords[by])})`;
}

async function sourcesOfTracker(db: Trx, tracker: string): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number; config: string }>`select id, config from source`.execute(db);
  return rows.filter(({ config }) => trackerOf(config) === tracker).map(({ id }) => id);
}

function trackerOf(config: string | null): string | null {
  return config === null ? null : (JSON.parse(config) as SourceConfig).tracker;
}
