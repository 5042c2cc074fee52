import { PanopticonError } from "../domain/error.ts";
import type { Database, Trx } from "./database/database.ts";
import type { View, ViewStore } from "./store.ts";

type Row = { readonly id: number; readonly name: string; readonly query: string; readonly position: number };

export function viewStore(database: Database): ViewStore {
  return {
    list: () => database.read(async (db) => (await readRows(db)).map(toView)),
    create: ({ name, query, position }) =>
      database.write("user", async (db) => {
        const rows = await readRows(db);
        refuseTaken(name, rows);
        const { id } = await db
          .insertInto("view")
          .values({ name, query, position: (rows.at(-1)?.position ?? 0) + 1 })
          .returning("id")
          .executeTakeFirstOrThrow();
        return findView(await arrange(db, await readRows(db), id, position), id);
      }),
    change: (id, { name, query, position }) =>
      database.write("user", async (db) => {
        const rows = await readRows(db);
        const before = rows.find((row) => String(row.id) === id);
        if (before === undefined) return null;
        if (name !== undefined) {
          refuseTaken(
            name,
            rows.filter((row) => row !== before),
          );
        }
        const after = { ...before, name: name ?? before.name, query: query ?? before.query };
        await db
          .updateTable("view")
          .set({ name: after.name, query: after.query })
          .where("id", "=", before.id)
          .execute();
        const changed = rows.map((row) => (row === before ? after : row));
        return findView(await arrange(db, changed, before.id, position), before.id);
      }),
    remove: (id) =>
      database.write("user", async (db) => {
        const number = Number(id);
        if (!Number.isSafeInteger(number)) return false;
        const removed = await db.deleteFrom("view").where("id", "=", number).returning("id").execute();
        return removed.length > 0;
      }),
  };
}

function readRows(db: Trx): Promise<readonly Row[]> {
  return db.selectFrom("view").selectAll().orderBy("position").orderBy("id").execute();
}

/** Stored positions have gaps where views were removed; users count from 1. */
function toView({ id, name, query }: Row, index: number): View {
  return { id: String(id), name, query, position: index + 1 };
}

function findView(rows: readonly Row[], id: number): View {
  const index = rows.findIndex((row) => row.id === id);
  const row = rows[index];
  if (row === undefined) throw new PanopticonError("internal", `View ${id} was not stored.`);
  return toView(row, index);
}

/** Moves one view to a place among the others, and returns all in their new order. */
async function arrange(
  db: Trx,
  rows: readonly Row[],
  id: number,
  position: number | undefined,
): Promise<readonly Row[]> {
  if (position === undefined) return rows;
  const others = rows.filter((row) => row.id !== id);
  const moved = rows.filter((row) => row.id === id);
  const ordered = others.toSpliced(position - 1, 0, ...moved);
  for (const [index, row] of ordered.entries()) {
    if (row.position === index + 1) continue;
    await db
      .updateTable("view")
      .set({ position: index + 1 })
      .where("id", "=", row.id)
      .execute();
  }
  return ordered;
}

/** Two views of one name could not be told apart in menus. */
function refuseTaken(name: string, others: readonly Row[]): void {
  const taken = others.find((row) => fold(row.name) === fold(name));
  if (taken === undefined) return;
  throw new PanopticonError("conflict", `There is already a view named “${taken.name}”.`, {
    hint: "Choose another name.",
    field: "name",
  });
}

function fold(name: string): string {
  return name.trim().normalize("NFC").toLowerCase();
}
