import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { sql } from "kysely";
import { getSource, saveSync } from "../sources/source-record.ts";
import { migrate } from "../schema/migrate.ts";
import type { Database, Trx } from "./database.ts";
import { mayChangeKept } from "./memory.ts";
import { openDatabase } from "./open-database.ts";

const folder = await mkdtemp(join(tmpdir(), "panopticon-memory-"));
after(() => rm(folder, { recursive: true, force: true }));

const open = () =>
  openDatabase({ databaseUrl: null, file: join(folder, "mirror.db"), readOnly: false, findRefs: () => [] });
const lastSweepAt = async (db: Trx) => (await getSource(db, 1)).sync.lastSweepAt;
const sweepAt = (database: Database, at: number) =>
  database.write("pulled", (db) => saveSync(db, 1, { lastSweepAt: at }));

test("what is kept of the sources is what a read would give", async () => {
  const [one, other] = [await open(), await open()];
  await migrate(one);
  await one.write("pulled", async (db) => {
    await sql`insert into connection (id, name) values (1, 'github')`.execute(db);
    await sql`insert into source (id, config_id, connection_id, hidden, position, config) values (1, 'a', 1, 0, 0, '{}')`.execute(
      db,
    );
  });
  assert.equal(await one.read(lastSweepAt), null);
  await sweepAt(one, 5);
  assert.equal(await one.read(lastSweepAt), 5);

  const failed = one.write("pulled", async (db) => {
    assert.equal(await lastSweepAt(db), 5);
    await saveSync(db, 1, { lastSweepAt: 6 });
    assert.equal(await lastSweepAt(db), 6, "a transaction sees its own writes");
    assert.equal(await one.read(lastSweepAt), 5, "others do not see them yet");
    throw new Error("given up");
  });
  await assert.rejects(failed);
  assert.equal(await one.read(lastSweepAt), 5);

  const { promise: written, resolve: write } = Promise.withResolvers<void>();
  const beside = one.read(async (db) => {
    await written;
    return lastSweepAt(db);
  });
  await sweepAt(one, 7);
  write();
  assert.equal(await beside, 5, "a transaction that reads stays with what it began with");
  assert.equal(await one.read(lastSweepAt), 7);

  await sweepAt(other, 8);
  assert.equal(await one.read(lastSweepAt), 8, "another program's writes are noticed");
  await Promise.all([one.close(), other.close()]);
});

test("statements that may change the sources are known", () => {
  for (const text of [
    'update "source" set a = 1',
    "insert into source (a) values (1)",
    "delete from source",
    "alter table source add b",
    "with x as (select 1) update source set a = 1",
  ])
    assert.equal(mayChangeKept(text), true, text);
  for (const text of [
    "select * from source",
    "update issue set source_id = 1",
    "insert into source_count (a) values (1)",
  ])
    assert.equal(mayChangeKept(text), false, text);
});
