import type { Database } from "./database/database.ts";
import type { ViewStore } from "./store.ts";

export function viewStore(database: Database): ViewStore {
  return {
    list: () =>
      database.read(async (db) => {
        const rows = await db.selectFrom("view").selectAll().orderBy("position").orderBy("id").execute();
        return rows.map(({ id, name, query, position }) => ({ id: String(id), name, query, position }));
      }),
    create: ({ name, query }) =>
      database.write("user", async (db) => {
        const { last } = await db
          .selectFrom("view")
          .select((row) => row.fn.max("position").as("last"))
          .executeTakeFirstOrThrow();
        const position = Number(last ?? 0) + 1;
        const { id } = await db
          .insertInto("view")
          .values({ name, query, position })
          .returning("id")
          .executeTakeFirstOrThrow();
        return { id: String(id), name, query, position };
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
