import type { Database } from "../database/database.ts";
import type { AnswerStore } from "./answers.ts";

const keptMs = 24 * 3_600_000;
/** The status of a request without an answer. */
const unanswered = 0;

/** See `AnswerStore`. */
export function answerStore(database: Database): AnswerStore {
  return {
    open: (key, fingerprint) =>
      database.write("user", async (db) => {
        const at = db.clock.now();
        await db
          .deleteFrom("answered")
          .where("at", "<", at - keptMs)
          .execute();
        const taken = await db
          .insertInto("answered")
          .values({ key, fingerprint, status: unanswered, body: "", at })
          .onConflict((conflict) => conflict.column("key").doNothing())
          .returning("key")
          .execute();
        if (taken.length > 0) return { kind: "new" };
        const row = await db.selectFrom("answered").selectAll().where("key", "=", key).executeTakeFirstOrThrow();
        if (row.fingerprint !== fingerprint) return { kind: "other" };
        if (row.status === unanswered) return { kind: "unanswered" };
        return { kind: "answered", answer: { status: row.status, body: row.body } };
      }),
    finish: (key, { status, body }) =>
      database.write("user", async (db) => {
        await db.updateTable("answered").set({ status, body }).where("key", "=", key).execute();
      }),
    release: (key) =>
      database.write("user", async (db) => {
        await db.deleteFrom("answered").where("key", "=", key).where("status", "=", unanswered).execute();
      }),
  };
}
