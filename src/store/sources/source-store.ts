import { sql } from "kysely";
import { readUnreadTexts } from "../links/unread-texts.ts";
import { emptyChangeSet, writeChanges } from "../mirror/change-set.ts";
import { applyRenames } from "../mirror/note-news.ts";
import { rederive } from "../mirror/rederive.ts";
import { saveVocabulary } from "../mirror/vocabulary.ts";
import type { Database } from "../database/database.ts";
import type { SourceStore, StoredPause } from "../store.ts";
import { readVocabulary } from "./read-vocabulary.ts";
import { reconcile } from "./reconcile.ts";
import { findVisibleSources, fromJson, getSource, saveSync, toJson } from "./source-record.ts";
import type { SourceRecord } from "./source-record.ts";
import type { SourceRow } from "./source-row.ts";

type RememberedAccount = Awaited<ReturnType<SourceStore["accounts"]>>[string];

/** The `describedAt` of a source while it is being described: earlier than any real time. */
const begun = 0;

export function sourceStore(database: Database): SourceStore {
  return {
    reconcile: async (desired) => {
      await reconcile(database, desired);
      await readUnreadTexts(database);
    },
    list: () =>
      database.read(async (db) => {
        const sources = await findVisibleSources(db);
        const { rows: issues } = await sql<{ source_id: number; n: number }>`
          select source_id, cast(sum(issues) as bigint) as n from source_count group by source_id`.execute(db);
        const { rows: rejected } = await sql<{ source_id: number; n: number }>`
          select source_id, count(*) as n from rejected group by source_id`.execute(db);
        const numbers = (rows: readonly { source_id: number; n: number }[]) =>
          new Map(rows.map((row) => [row.source_id, row.n]));
        const [mirrored, aside] = [numbers(issues), numbers(rejected)];
        return sources.map((source) => toSourceRow(source, mirrored.get(source.id) ?? 0, aside.get(source.id) ?? 0));
      }),
    get: (id) =>
      database.read(async (db) => {
        const source = await getSource(db, id);
        const { rows } = await sql<{ issues: number | null; rejected: number }>`
          select (select cast(sum(issues) as bigint) from source_count where source_id = ${id}) as issues,
            (select count(*) from rejected where source_id = ${id}) as rejected`.execute(db);
        return toSourceRow(source, rows[0]?.issues ?? 0, rows[0]?.rejected ?? 0);
      }),
    beginDescribing: (id) =>
      database.write("pulled", async (db) => {
        await sql`update source set described_at = ${begun} where id = ${id} and described_at is null`.execute(db);
      }),
    saveSchema: (id, schema) =>
      database.write("pulled", async (db) => {
        const before = await getSource(db, id);
        const changes = emptyChangeSet();
        const mapping = JSON.stringify(schema.mapping);
        const members = schema.vocabulary.people.map((person) => person.id);
        const form = schema.form === undefined ? null : { ...schema.form, members };
        // Another description was requested meanwhile, and this one may predate the reason.
        const isOvertaken = schema.begun === true && before.sync.describedAt === null;
        await db
          .updateTable("source")
          .set({ info: toJson(schema.info), mapping, form: toJson(form), described_at: isOvertaken ? null : schema.at })
          .where("id", "=", id)
          .execute();
        const source = { ...before, mapping: schema.mapping };
        const words = await saveVocabulary(db, source, schema.vocabulary, []);
        await applyRenames(db, source, words, changes);
        if (JSON.stringify(before.mapping) !== mapping) await rederive(db, source, "all", changes);
        changes.changed = changes.refs.size;
        return writeChanges(db, source.connectionId, changes);
      }),
    vocabulary: (id) => database.read((db) => readVocabulary(db, id)),
    saveSync: (id, state) =>
      database.write("pulled", async (db) => {
        await getSource(db, id);
        await saveSync(db, id, state);
      }),
    saveAccount: (connection, { id, login, name }) =>
      database.write("pulled", async (db) => {
        const account = JSON.stringify({ id, login, name });
        await db
          .insertInto("connection")
          .values({ name: connection, account })
          .onConflict((conflict) => conflict.column("name").doUpdateSet({ account }))
          .execute();
      }),
    accounts: () =>
      database.read(async (db) => {
        const rows = await db.selectFrom("connection").select(["name", "account"]).execute();
        return Object.fromEntries(
          rows.flatMap(({ name, account }) => {
            const known = fromJson<RememberedAccount>(account);
            return known ? [[name, known]] : [];
          }),
        );
      }),
    savePause: (connection, { until, at, of }) =>
      database.write("pulled", async (db) => {
        const pause = JSON.stringify({ until, at, of });
        await db
          .insertInto("connection")
          .values({ name: connection, pause })
          .onConflict((conflict) => conflict.column("name").doUpdateSet({ pause }))
          .execute();
      }),
    pauses: () =>
      database.read(async (db) => {
        const rows = await db.selectFrom("connection").select(["name", "pause"]).execute();
        return Object.fromEntries(
          rows.flatMap(({ name, pause }) => {
            const known = fromJson<StoredPause>(pause);
            return known ? [[name, known]] : [];
          }),
        );
      }),
  };
}

function toSourceRow(source: SourceRecord, issues: number, rejected: number): SourceRow {
  const { id, config, info, mapping, sync } = source;
  const form = source.form && {
    types: source.form.types,
    writable: source.form.writable,
    ...(source.form.oneAssignee !== undefined && { oneAssignee: source.form.oneAssignee }),
  };
  return { id, config, info, mapping, form, sync, issues, rejected };
}
