import { sql } from "kysely";
import type { NativeRelation } from "../../domain/issue.ts";
import { type OpenChange, overlay } from "../../domain/overlay.ts";
import type { Trx } from "../database/database.ts";
import { fromRecord } from "../mirror/native-record.ts";
import { readOpenRelationChanges } from "../outbox/operation-row.ts";
import { turned } from "../outbox/turned-relation.ts";

/**
 * The tracker's relations of those of the given issues that open changes of other issues refer to: a pending "A blocks B" also shows at B, as its tracker will
 * say. Changes from both ends apply in their order. For all other issues the stored relations are what is shown.
 */
export async function findTwoSidedRelations(
  db: Trx,
  ids: readonly number[],
): Promise<ReadonlyMap<number, readonly NativeRelation[]>> {
  const shown = new Map<number, readonly NativeRelation[]>();
  const open = ids.length === 0 ? [] : await readOpenRelationChanges(db);
  if (open.length === 0) return shown;
  const targets = new Set(open.map(({ change }) => change.relation.target.nativeId));
  const { rows } = await sql<{ id: number; nativeId: string; connectionId: number; record: string }>`
    select c.issue_id as id, c.native_id as "nativeId", c.connection_id as "connectionId", b.record
    from card c join base b on b.issue_id = c.issue_id
    where c.issue_id in ${db.dialect.list(ids)} and c.native_id in ${db.dialect.list([...targets])}`.execute(db);
  for (const { id, nativeId, connectionId, record } of rows) {
    const changes = open.flatMap((one): readonly OpenChange[] => {
      if (one.issueId === id) return [one.change];
      const { change } = one;
      if (one.connectionId !== connectionId || change.relation.target.nativeId !== nativeId) return [];
      const type = turned(change.relation.type);
      if (type === null) return [];
      const target = { nativeId: one.nativeId, key: "", sourceKey: "" };
      return [{ ...change, relation: { type, target, id: null } }];
    });
    const own = open.filter(({ issueId }) => issueId === id).length;
    if (changes.length > own) shown.set(id, overlay(fromRecord(record), changes).relations ?? []);
  }
  return shown;
}
