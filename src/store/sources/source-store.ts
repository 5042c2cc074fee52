import { sql } from "kysely";
import { emptyChangeSet, writeChanges } from "../mirror/change-set.ts";
import { applyRenames } from "../mirror/apply-page.ts";
import { rederive } from "../mirror/rederive.ts";
import { saveVocabulary } from "../mirror/vocabulary.ts";
import type { Database } from "../database/database.ts";
import type { SourceRow, SourceStore } from "../store.ts";
import { reconcile } from "./reconcile.ts";
import { findVisibleSources, fromJson, getSource, saveSync, toJson } from "./source-record.ts";
import type { SourceRecord } from "./source-record.ts";

type RememberedAccount = Awaited<ReturnType<SourceStore["accounts"]>>[string];

export function sourceStore(database: Database): SourceStore {
  return {
    reconcile: (desired) => reconcile(database, desired),
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
    saveSchema: (id, schema) =>
      database.write("pulled", async (db) => {
        await database.lockSource(db, id);
        const before = await getSource(db, id);
        const changes = emptyChangeSet();
        const mapping = JSON.stringify(schema.mapping);
        await db
          .updateTable("source")
          .set({ info: toJson(schema.info), mapping, described_at: schema.at })
          .where("id", "=", id)
          .execute();
        const source = { ...before, mapping: schema.mapping };
        const words = await saveVocabulary(database, db, source, schema.vocabulary, []);
        await applyRenames(database, db, source, words, changes);
        if (JSON.stringify(before.mapping) !== mapping) await rederive(database, db, source, "all", changes);
        changes.changed = changes.refs.size;
        return writeChanges(database, db, source.connectionId, changes);
      }),
    workflow: (id) =>
      database.read(async (db) => {
        const states = await sql<{ native_id: string; name: string; category: string; position: number }>`
          select native_id, name, category, position from state
          where scope_id = ${id} and known = 1 order by position, name, native_id`.execute(db);
        const labels = await sql<{ native_id: string; name: string; color: string | null }>`
          select native_id, name, color from label
          where scope_id = ${id} and known = 1 order by name_folded, native_id`.execute(db);
        return {
          states: states.rows.map(({ native_id, ...state }) => ({ id: native_id, ...state })),
          labels: labels.rows.map(({ native_id, ...label }) => ({ id: native_id, ...label })),
        };
      }),
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
  };
}

function toSourceRow(source: SourceRecord, issues: number, rejected: number): SourceRow {
  const { id, config, info, mapping, sync } = source;
  return { id, config, info, mapping, sync, issues, rejected };
}
