import { sql } from "kysely";
import type { Trx } from "../database/database.ts";

/** A card's row, joined with the words it refers to. */
export type CardRow = {
  id: number;
  source_id: number;
  connection_id: number;
  native_id: string;
  key: string;
  ref: string;
  url: string;
  title: string;
  parent: string | null;
  children_done: number | null;
  children_total: number | null;
  due_date: string | null;
  estimate: number | null;
  comment_count: number | null;
  status: number;
  priority: number;
  created_at: number;
  updated_at: number;
  manual_rank: number;
  closed_at: number | null;
  comments_at: number | null;
  type: string;
  state_id: string;
  state_name: string;
  category: string;
  position: number;
  native_priority: string | null;
  cycle_id: string | null;
  cycle_name: string | null;
  starts_at: number | null;
  ends_at: number | null;
  author_id: string | null;
  author_login: string | null;
  author_name: string | null;
  author_avatar: string | null;
};

/** Reads rows, in no particular order. */
export async function readCardRows(db: Trx, ids: readonly number[]): Promise<readonly CardRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<CardRow>`
    select i.id, i.source_id, c.connection_id, c.native_id, c.key, c.ref, c.url, c.title, c.parent,
      c.children_done, c.children_total, c.due_date, c.estimate, c.comment_count,
      i.status, i.priority, i.created_at, i.updated_at, i.manual_rank, i.closed_at, i.comments_at,
      t.name as type, s.native_id as state_id, s.name as state_name, s.category, s.position,
      p.name as native_priority,
      y.native_id as cycle_id, y.name as cycle_name, y.starts_at, y.ends_at,
      a.native_id as author_id, a.login as author_login, a.name as author_name, a.avatar_url as author_avatar
    from issue i
    join card c on c.issue_id = i.id
    join issue_type t on t.id = i.type_id
    join state s on s.id = i.state_id
    left join native_priority p on p.id = i.native_priority_id
    left join cycle y on y.id = i.cycle_id
    left join person a on a.id = i.author_id
    where i.id in ${db.dialect.list(ids)}`.execute(db);
  return rows;
}
