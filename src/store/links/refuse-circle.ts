import { sql } from "kysely";
import { PanopticonError } from "../../domain/error.ts";
import type { Trx } from "../database/database.ts";
import { findByHandles } from "../mirror/dependents.ts";
import { findVisibleSources, type SourceRecord } from "../sources/source-record.ts";

type Ids = { readonly childId: number; readonly parentId: number };

/** Throws `invalid_input` if an issue would become its own descendant: its new parent is already below it, in its own tracker or by links. */
export async function refuseCircle(db: Trx, { childId, parentId }: Ids): Promise<void> {
  const sources = await findVisibleSources(db);
  const seen = new Set<number>();
  let level: readonly number[] = [parentId];
  while (level.length > 0) {
    if (level.includes(childId)) throw await circle(db, { childId, parentId });
    for (const id of level) seen.add(id);
    const above = await findParentIds(db, sources, level);
    level = [...new Set(above)].filter((id) => !seen.has(id));
  }
}

async function findParentIds(
  db: Trx,
  sources: readonly SourceRecord[],
  ids: readonly number[],
): Promise<readonly number[]> {
  const { rows: linked } = await sql<{ id: number }>`
    select l.to_id as id from link l join issue i on i.id = l.to_id
    where l.from_id in ${db.dialect.list(ids)} and l.type = 'parent'
      and i.source_id in ${db.dialect.list(sources.map((source) => source.id))}`.execute(db);
  const { rows: own } = await sql<{ connection_id: number; parent: string }>`
    select connection_id, parent from card where issue_id in ${db.dialect.list(ids)} and parent is not null`.execute(
    db,
  );
  const found = linked.map(({ id }) => id);
  for (const { connection_id, parent } of own) {
    const targets = await findByHandles(db, connection_id, [parent], sources);
    found.push(...[...targets.values()].map(({ issueId }) => issueId));
  }
  return found;
}

async function circle(db: Trx, { childId, parentId }: Ids): Promise<PanopticonError> {
  const { rows } = await sql<{ id: number; ref: string }>`
    select issue_id as id, ref from card where issue_id in (${childId}, ${parentId})`.execute(db);
  const refOf = (id: number) => rows.find((row) => row.id === id)?.ref ?? "";
  const [child, parent] = [refOf(childId), refOf(parentId)];
  return new PanopticonError("invalid_input", `${parent} is already below ${child}, so it cannot be its parent.`, {
    hint: `To swap them, first remove the parent of ${parent}: pan edit ${parent} --parent none.`,
  });
}
