import { sql } from "kysely";
import type { FieldChange } from "../../domain/operation.ts";
import { isFinished, statuses } from "../../domain/status.ts";
import type { Trx } from "../database/database.ts";
import { fromRecord } from "../mirror/native-record.ts";
import { parentHandle } from "../mirror/ref.ts";
import { anyOpenState } from "../outbox/operation-row.ts";
import type { SourceRecord } from "../sources/source-record.ts";

export type Counted = { readonly done: number; readonly total: number };

/**
 * By how much open changes of children raise or lower the mirrored counts of these parents, by the parent's handle: what a tracker's own count of children does
 * not contain yet.
 */
export async function findPendingChildren(
  db: Trx,
  connectionId: number,
  sources: readonly SourceRecord[],
  parents: readonly string[],
): Promise<ReadonlyMap<string, Counted>> {
  if (parents.length === 0) return new Map();
  const { rows } = await sql<{
    id: number;
    kind: string;
    fields: string;
    parent: string | null;
    status: number;
    source_id: number;
    record: string;
  }>`
    select c.issue_id as id, o.kind, o.fields, c.parent, i.status, i.source_id, b.record
    from operation o
    join card c on c.issue_id = o.issue_id
    join issue i on i.id = o.issue_id
    join base b on b.issue_id = o.issue_id
    where o.settled_at is null and o.state in ${anyOpenState}
      and ((o.kind = 'create' and c.native_id like 'new:%')
        or (o.kind = 'edit' and (o.fields like '%"field":"parent"%' or o.fields like '%"field":"status"%')))
      and o.issue_id in (
        select child.issue_id from card child
        where child.parent in ${db.dialect.list(parents)} and child.connection_id = ${connectionId}
        union
        select moved.issue_id from operation moved
        where moved.settled_at is null and moved.kind = 'edit' and moved.connection_id = ${connectionId}
          and moved.fields like '%"field":"parent"%')
    order by o.id`.execute(db);
  const keys = new Map(sources.map((source) => [source.id, source.config.key]));
  const counted = new Map<string, Counted>();
  const add = (parent: string | null, isDone: boolean, by: number) => {
    if (parent === null) return;
    const { done, total } = counted.get(parent) ?? { done: 0, total: 0 };
    counted.set(parent, { done: done + (isDone ? by : 0), total: total + by });
  };
  for (const changes of Map.groupBy(rows, ({ id }) => id).values()) {
    const [row] = changes;
    const key = keys.get(row?.source_id ?? 0);
    if (row === undefined || key === undefined) continue;
    const isDone = isFinished(statuses[row.status] ?? "backlog");
    add(row.parent, isDone, 1);
    if (changes.some(({ kind }) => kind === "create")) continue;
    const fields = changes.flatMap((change) => JSON.parse(change.fields) as readonly FieldChange[]);
    const move = fields.find((change) => change.field === "status");
    const wasDone = move?.field === "status" ? isFinished(move.from) : isDone;
    add(parentHandle(fromRecord(row.record), key), wasDone, -1);
  }
  return counted;
}
