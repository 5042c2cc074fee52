import { sql } from "kysely";
import type { Trx } from "../database/database.ts";
import { finishedStatuses } from "../mirror/read-meaning.ts";
import { readOpenRelationChanges } from "../outbox/operation-row.ts";
import type { SourceRecord } from "../sources/source-record.ts";
import { groupRows } from "./group-rows.ts";
import { findTwoSidedRelations } from "./two-sided-relations.ts";

/** Refs of mirrored, unfinished issues that block these, in any tracker. */
export async function findBlockers(
  db: Trx,
  sources: readonly SourceRecord[],
  ids: readonly number[],
): Promise<ReadonlyMap<number, string[]>> {
  if (ids.length === 0 || sources.length === 0) return new Map();
  const list = db.dialect.list(ids);
  const twoSided = await findTwoSidedRelations(db, ids);
  const pending = [...twoSided].flatMap(([id, relations]) => {
    const blockers = relations.flatMap(({ type, targetId }) => (type === "blocked_by" ? [targetId] : []));
    return blockers.length === 0
      ? []
      : [
          sql`
      union
      select c.issue_id, target.issue_id
      from card c join card target on target.connection_id = c.connection_id
      where c.issue_id = ${id} and target.native_id in ${db.dialect.list(blockers)}`,
        ];
  });
  const stored = db.dialect.list(ids.filter((id) => !twoSided.has(id)));
  const { rows } = await sql<{ issue_id: number; ref: string; source_id: number }>`
    select blocked.issue_id, other.ref, i.source_id
    from (
      select r.issue_id, target.issue_id as other_id
      from relation r
      join card c on c.issue_id = r.issue_id
      join card target on target.native_id = r.target and target.connection_id = c.connection_id
      where r.issue_id in ${stored} and r.type = 'blocked_by'
      union
      select l.to_id, l.from_id from link l where l.to_id in ${list} and l.type = 'blocks'
      ${sql.join(pending, sql` `)}
    ) blocked
    join card other on other.issue_id = blocked.other_id
    join issue i on i.id = other.issue_id
    where i.status not in ${finishedStatuses}
    order by other.ref_folded, other.issue_id`.execute(db);
  const visible = new Set(sources.map((source) => source.id));
  return groupRows(
    rows.filter((row) => visible.has(row.source_id)),
    (row) => row.ref,
  );
}

/** The ids of all issues that `findBlockers` finds blockers of. */
export async function findBlocked(db: Trx, sources: readonly SourceRecord[]): Promise<readonly number[]> {
  if (sources.length === 0) return [];
  const { rows } = await sql<{ id: number }>`
    select distinct blocked.issue_id as id
    from (
      select r.issue_id, target.issue_id as other_id
      from relation r
      join card c on c.issue_id = r.issue_id
      join card target on target.native_id = r.target and target.connection_id = c.connection_id
      where r.type = 'blocked_by'
      union all
      select l.to_id, l.from_id from link l where l.type = 'blocks'
    ) blocked
    join issue i on i.id = blocked.other_id
    where i.status not in ${finishedStatuses}
      and i.source_id in ${db.dialect.list(sources.map(({ id }) => id))}`.execute(db);
  const blocked = new Set(rows.map(({ id }) => id));
  const targets = (await readOpenRelationChanges(db)).map(({ change }) => change.relation.target.nativeId);
  if (targets.length > 0) {
    const { rows: ends } = await sql<{ id: number }>`
      select issue_id as id from card where native_id in ${db.dialect.list(targets)}`.execute(db);
    const ids = ends.map(({ id }) => id);
    const blockers = await findBlockers(db, sources, ids);
    for (const id of ids) {
      if (blockers.has(id)) blocked.add(id);
      else blocked.delete(id);
    }
  }
  return [...blocked];
}
