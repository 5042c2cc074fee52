import { sql } from "kysely";
import type { Trx } from "../database/database.ts";
import { updateOperation } from "../outbox/operation-writes.ts";
import type { Author } from "../outbox/outbox.ts";
import type { UndoableChange } from "./undo.ts";

/** A value of `undo_entry.closed`: the change was undone. 0: it can be undone. */
export const takenBack = 1;
/** The change stays in effect and can no longer be undone. */
const givenUp = 2;

/** `${standing}`: the entry's change was not undone. */
export const standing = sql<boolean>`closed <> ${sql.lit(takenBack)}`;

/** Records a change, so that its session can undo it; a change that is itself an undo closes the undone entry instead. */
export async function recordUndo(
  db: Trx,
  made: {
    readonly author: Author;
    readonly issueId: number;
    readonly ref: string;
    readonly operation: number | null;
    readonly change: UndoableChange;
    readonly at: number;
  },
): Promise<void> {
  const { author, at } = made;
  if (author.undoes !== undefined) {
    await closeEntries(db, [author.undoes.entry], "taken back");
    await markUndone(db, author.undoes.operation, at);
    return;
  }
  await sql`
    insert into undo_entry (session, change_group, issue_id, ref, operation_id, change, at, closed)
    values (${author.session}, ${author.group ?? null}, ${made.issueId}, ${made.ref}, ${made.operation},
      ${JSON.stringify(made.change)}, ${at}, 0)`.execute(db);
}

/** Whether a change undoes a step that sent a move which had stayed here. */
export async function undoesSentKept(db: Trx, { undoes }: Author): Promise<boolean> {
  if (undoes === undefined) return false;
  const { rows } = await sql<{ change: string }>`
    select change from undo_entry where id = ${undoes.entry}`.execute(db);
  const change = rows[0] === undefined ? null : (JSON.parse(rows[0].change) as UndoableChange);
  return change?.kind === "edit" && change.sentKept === true;
}

/** Closes entries, which undo skips from now on. */
export async function closeEntries(db: Trx, ids: readonly number[], why: "taken back" | "given up"): Promise<void> {
  if (ids.length === 0) return;
  const closed = why === "taken back" ? takenBack : givenUp;
  await db.updateTable("undo_entry").set({ closed }).where("id", "in", ids).execute();
}

/** Replaces the local id of a new issue in undo entries by its tracker's. */
export async function followName(db: Trx, local: string, nativeId: string): Promise<void> {
  const [was, is] = [local, nativeId].map((id) => JSON.stringify(id));
  await sql`
    update undo_entry set change = replace(change, ${was}, ${is})
    where closed = 0 and change like ${`%${was}%`}`.execute(db);
}

/** Closes the entries of a dropped operation. The place given to an issue with it stays, since no tracker is told of that. */
export async function closeEntriesOf(db: Trx, operation: number): Promise<void> {
  await sql`
    update undo_entry set closed = ${sql.lit(takenBack)}
    where operation_id = ${operation} and closed = 0`.execute(db);
}

/** Closes all entries of an issue that was never created. */
export async function closeEntriesOfIssue(db: Trx, issueId: number): Promise<void> {
  await sql`update undo_entry set closed = ${sql.lit(takenBack)} where issue_id = ${issueId} and closed = 0`.execute(
    db,
  );
}

/** Gives up the place given to an issue with a dropped edit: it stays in effect. */
export async function closePlacingsOf(db: Trx, operation: number): Promise<void> {
  await sql`
    update undo_entry set closed = ${sql.lit(givenUp)}
    where operation_id = ${operation} and closed = 0 and ${isPlacing}`.execute(db);
}

/** `where ${isPlacing}`: the entry is a change of the manual order. */
export const isPlacing = sql<boolean>`change like '{"kind":"rank"%'`;

/** Marks a written operation as undone once all of its changes were undone. */
async function markUndone(db: Trx, operation: number | null, at: number): Promise<void> {
  if (operation === null) return;
  const { rows } = await sql<{ id: number }>`
    select o.id from operation o where o.id = ${operation} and o.state = 'written'
      and not exists (select 1 from undo_entry u where u.operation_id = o.id and u.closed = 0)`.execute(db);
  if (rows.length > 0) await updateOperation(db, operation, { state: "undone", at });
}
