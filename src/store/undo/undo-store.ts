import { type RawBuilder, sql } from "kysely";
import type { Database, Trx } from "../database/database.ts";
import { closeEntries, takenBack } from "./record-undo.ts";
import type { UndoableChange, UndoEntry, UndoStore } from "./undo.ts";

/** See `UndoStore`. */
export function undoStore(database: Database): UndoStore {
  return {
    last: (session) =>
      database.read(async (db) => {
        const { rows } = await sql<{ id: number; change_group: string | null }>`
          select id, change_group from undo_entry
          where session = ${session} and closed = 0 order by id desc limit 1`.execute(db);
        const [newest] = rows;
        if (newest === undefined) return [];
        return newest.change_group === null
          ? readEntries(db, sql`u.id = ${newest.id}`)
          : readEntries(db, sql`u.session = ${session} and u.change_group = ${newest.change_group}`);
      }),
    ofChange: (session, group) =>
      database.read((db) => readEntries(db, sql`u.session = ${session} and u.change_group = ${group}`)),
    fateOf: (session, group) =>
      database.read(async (db) => {
        const { rows } = await sql<{ closed: number }>`
          select max(closed) as closed from undo_entry where session = ${session} and change_group = ${group}
          having count(*) > 0`.execute(db);
        const [row] = rows;
        return row === undefined ? null : row.closed === takenBack ? "taken back" : "given up";
      }),
    ofOperation: (operation) => database.read((db) => readEntries(db, sql`u.operation_id = ${operation}`)),
    close: (ids, why) => database.write("user", (db) => closeEntries(db, ids, why)),
  };
}

async function readEntries(db: Trx, where: RawBuilder<unknown>): Promise<readonly UndoEntry[]> {
  const { rows } = await sql<{
    id: number;
    session: string;
    issue_id: number;
    ref: string;
    operation_id: number | null;
    change: string;
    at: number;
  }>`
    select u.id, u.session, u.issue_id, coalesce(c.ref, u.ref) as ref, u.operation_id, u.change, u.at
    from undo_entry u left join card c on c.issue_id = u.issue_id
    where u.closed = 0 and ${where} order by u.id desc`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    session: row.session,
    issueId: row.issue_id,
    ref: row.ref,
    operation: row.operation_id,
    change: JSON.parse(row.change) as UndoableChange,
    at: row.at,
  }));
}
