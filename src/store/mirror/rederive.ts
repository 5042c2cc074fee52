import { setImmediate as breathe } from "node:timers/promises";
import { sql } from "kysely";
import type { Trx } from "../database/database.ts";
import type { SourceRecord } from "../sources/source-record.ts";
import { count } from "./change-set.ts";
import type { ChangeSet } from "./change-set.ts";
import { meaningReader } from "./read-meaning.ts";
import type { Meaning } from "./read-meaning.ts";
import { findShadows } from "./shadows.ts";

const batchSize = 1_000;

type Row = {
  id: number;
  status: number;
  priority: number;
  state: string;
  native_priority: string | null;
  native_id: string;
  key: string;
  ref: string;
  parent: string | null;
};

/** Recomputes status and priority of a source's issues, `all` or the given ones, and records the changes. */
export async function rederive(
  db: Trx,
  source: SourceRecord,
  which: "all" | readonly number[],
  changes: ChangeSet,
): Promise<void> {
  const read = meaningReader(source.mapping);
  for await (const ids of batches(db, source.id, which)) {
    const { rows } = await sql<Row>`
      select i.id, i.status, i.priority, s.native_id as state, p.native_id as native_priority, c.native_id, c.key, c.ref, c.parent
      from issue i
      join card c on c.issue_id = i.id
      join state s on s.id = i.state_id
      left join native_priority p on p.id = i.native_priority_id
      where i.id in ${db.dialect.list(ids)} and i.source_id = ${source.id}`.execute(db);
    const labels = await findLabelNames(db, ids);
    const shadows = await findShadows(db, source, ids);
    const moved = new Map<string, { meaning: Meaning; ids: number[] }>();
    for (const row of rows) {
      const native = read({
        stateId: row.state,
        nativePriority: row.native_priority,
        labels: labels.get(row.id) ?? [],
      });
      const meaning = { ...native, status: shadows.get(row.id) ?? native.status };
      if (meaning.status === row.status && meaning.priority === row.priority) continue;
      const kind = `${meaning.status} ${meaning.priority}`;
      const group = moved.get(kind) ?? { meaning, ids: [] };
      group.ids.push(row.id);
      moved.set(kind, group);
      changes.refs.add(row.ref);
      if (meaning.status === row.status) continue;
      count(changes, source.id, row.status, -1);
      count(changes, source.id, meaning.status, 1);
      changes.affected.push({ nativeId: row.native_id, key: row.key, sourceKey: source.config.key });
      if (row.parent !== null) changes.parents.add(row.parent);
    }
    for (const { meaning, ids: same } of moved.values()) {
      await sql`
        update issue set status = ${meaning.status}, priority = ${meaning.priority}, urgency = ${meaning.urgency}
        where id in ${db.dialect.list(same)}`.execute(db);
    }
    // Yield, so that readers continue during a long transaction.
    await breathe();
  }
}

async function* batches(db: Trx, sourceId: number, which: "all" | readonly number[]): AsyncIterable<readonly number[]> {
  if (which !== "all") {
    for (let from = 0; from < which.length; from += batchSize) yield which.slice(from, from + batchSize);
    return;
  }
  for (let last = 0; ;) {
    const { rows } = await sql<{ id: number }>`
      select issue_id as id from card
      where issue_id > ${last} and source_id = ${sourceId} order by issue_id limit ${batchSize}`.execute(db);
    const final = rows.at(-1);
    if (!final) return;
    yield rows.map((row) => row.id);
    last = final.id;
  }
}

async function findLabelNames(db: Trx, ids: readonly number[]): Promise<ReadonlyMap<number, readonly string[]>> {
  const names = new Map<number, string[]>();
  const { rows } = await sql<{ issue_id: number; name: string }>`
    select il.issue_id, l.name
    from issue_label il join label l on l.id = il.label_id
    where il.issue_id in ${db.dialect.list(ids)} order by l.native_id`.execute(db);
  for (const row of rows) {
    const list = names.get(row.issue_id);
    if (list) list.push(row.name);
    else names.set(row.issue_id, [row.name]);
  }
  return names;
}
