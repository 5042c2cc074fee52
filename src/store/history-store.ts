import { sql } from "kysely";
import type { SourceConfig } from "../domain/source.ts";
import type { Database } from "./database/database.ts";
import type { HistoryEntry, HistoryStore } from "./store.ts";

export function historyStore(database: Database): HistoryStore {
  return {
    list: ({ issueId, limit, before, beforeId }) =>
      database.read(async (db) => {
        const ofIssue = issueId === undefined ? sql`1 = 1` : sql`h.issue_id = ${issueId}`;
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
          config: string | null;
        }>`
          select h.id, h.at, h.ref, h.title, h.actor, h.field, h.from_value, h.to_value, h.state, s.config
          from history h left join issue i on i.id = h.issue_id left join source s on s.id = i.source_id
          where ${ofIssue} and ${older}
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
          tracker: row.config === null ? null : (JSON.parse(row.config) as SourceConfig).tracker,
        }));
      }),
  };
}
