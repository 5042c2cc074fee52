import { sql } from "kysely";
import type { Trx } from "../database/database.ts";

/**
 * Merges the row of a pulled issue into the row of the same issue created here, which was recognised only later. Moves what was done to `from` (changes, undo,
 * history, links, workspaces, rank, the local status of a shadowed project) to `to`; `from` can be deleted afterwards.
 */
export async function adoptTwinRow(db: Trx, from: number, to: number): Promise<void> {
  for (const table of ["operation", "undo_entry", "history", "workspace", "agent"] as const) {
    await sql`update ${sql.table(table)} set issue_id = ${to} where issue_id = ${from}`.execute(db);
  }
  // The pulled row is the newer one, so its rank and local status take precedence.
  await sql`
    update issue set rank = (select twin.rank from issue twin where twin.id = ${from})
    where id = ${to} and exists (select 1 from issue twin where twin.id = ${from} and twin.rank is not null)`.execute(
    db,
  );
  await sql`
    insert into shadow (issue_id, status) select ${to}, status from shadow where issue_id = ${from}
    on conflict (issue_id) do update set status = excluded.status`.execute(db);
  await sql`
    update claim set issue_id = ${to}
    where issue_id = ${from} and not exists (select 1 from claim mine where mine.issue_id = ${to})`.execute(db);
  // If both are claimed, one claim remains, which counts the agents of both.
  await sql`delete from claim where issue_id = ${from}`.execute(db);
  // A link of both to the same issue is kept once; one between the two is dropped.
  await sql`
    update link set from_id = ${to}
    where from_id = ${from} and to_id <> ${to}
      and not exists (select 1 from link mine where mine.from_id = ${to} and mine.to_id = link.to_id and mine.type = link.type)`.execute(
    db,
  );
  await sql`
    update link set to_id = ${to}
    where to_id = ${from} and from_id <> ${to}
      and not exists (select 1 from link mine where mine.to_id = ${to} and mine.from_id = link.from_id and mine.type = link.type)`.execute(
    db,
  );
  // A `relates` link is stored with the smaller id first.
  const isTurned = sql<boolean>`type = 'relates' and from_id > to_id and (from_id = ${to} or to_id = ${to})`;
  await sql`
    update link set from_id = to_id, to_id = from_id
    where ${isTurned}
      and not exists (select 1 from link mine where mine.from_id = link.to_id and mine.to_id = link.from_id and mine.type = link.type)`.execute(
    db,
  );
  await sql`delete from link where ${isTurned}`.execute(db);
  // Undo finds a link by its other end.
  await sql`
    update undo_entry set change = replace(change, ${otherEnd(from)}, ${otherEnd(to)})
    where closed = 0 and (change like '{"kind":"link",%' or change like '{"kind":"unlink",%')
      and change like ${`%${otherEnd(from)}`}`.execute(db);
}

/** The end of a link's undo entry. */
function otherEnd(id: number): string {
  return `"otherId":${id}}`;
}
