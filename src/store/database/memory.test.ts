import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { sql } from "kysely";
import { after } from "../../../test/support/hooks.ts";
import { systemClock } from "../../domain/clock.ts";
import { getSource, saveSync } from "../sources/source-record.ts";
import { baseRows } from "../schema/bulk-tables.ts";
import { migrate } from "../schema/migrate.ts";
import type { Database, Trx } from "./database.ts";
import { keptKindsChangedBy, remember } from "./memory.ts";
import { openDatabase } from "./open-database.ts";

const folder = await mkdtemp(join(tmpdir(), "panopticon-memory-"));
after(() => rm(folder, { recursive: true, force: true }));

const open = () =>
  openDatabase({
    databaseUrl: null,
    file: join(folder, "mirror.db"),
    readOnly: false,
    findRefs: () => [],
    clock: systemClock,
  });
const lastSweepAt = async (db: Trx) => (await getSource(db, 1)).sync.lastSweepAt;
const sweepAt = (database: Database, at: number) =>
  database.write("pulled", (db) => saveSync(db, 1, { lastSweepAt: at }));

test("cached sources equal a fresh read", async () => {
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
  while ((await one.read(lastSweepAt)) === 7) await setImmediate();
  assert.equal(await one.read(lastSweepAt), 8, "another program's writes are noticed before long");
  await Promise.all([one.close(), other.close()]);
});

test("words are cached until one changes, and those of a failed transaction are not cached", async () => {
  const database = await openDatabase({
    databaseUrl: null,
    file: join(folder, "words.db"),
    readOnly: false,
    findRefs: () => [],
    clock: systemClock,
  });
  await migrate(database);
  await database.write("pulled", async (db) => {
    await sql`insert into issue_type (id, name, name_folded) values (1, 'Bug', 'bug')`.execute(db);
  });
  let reads = 0;
  const names = (db: Trx) =>
    remember(db, "word", "names", async () => {
      reads += 1;
      const { rows } = await sql<{ name: string }>`select name from issue_type order by id`.execute(db);
      return rows.map(({ name }) => name).join();
    });
  assert.equal(await database.read(names), "Bug");
  assert.equal(await database.read(names), "Bug");
  assert.equal(reads, 1);

  const failed = database.write("pulled", async (db) => {
    await sql`update issue_type set name = 'Defect' where id = 1`.execute(db);
    assert.equal(await names(db), "Defect");
    throw new Error("given up");
  });
  await assert.rejects(failed);
  assert.equal(await database.read(names), "Bug");
  await database.write("pulled", (db) => sql`update issue_type set name = 'Defect' where id = 1`.execute(db));
  assert.equal(await database.read(names), "Defect");
  await database.close();
});

test("an issue is cached until it changes, also through bulk writes", async () => {
  const file = join(folder, "issues.db");
  const database = await openDatabase({
    databaseUrl: null,
    file,
    readOnly: false,
    findRefs: () => [],
    clock: systemClock,
  });
  await migrate(database);
  await database.write("pulled", async (db) => {
    await sql`insert into connection (id, name) values (1, 'github')`.execute(db);
    await sql`insert into source (id, config_id, connection_id, hidden, position, config) values (1, 'a', 1, 0, 0, '{}')`.execute(
      db,
    );
    await sql`insert into state (id, scope_id, native_id, name, known, category, position)
      values (1, 1, 'open', 'Open', 1, 'open', 0)`.execute(db);
    await sql`insert into issue_type (id, name, name_folded) values (1, 'Bug', 'bug')`.execute(db);
    await sql`insert into issue (id, source_id, status, priority, urgency, state_id, type_id, assignees, created_at, updated_at, requested_at)
      values (1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0)`.execute(db);
    await db.dialect.insertMany(db, baseRows, [[1, "first"]]);
  });
  let reads = 0;
  const record = (db: Trx) =>
    remember(db, "issue", "1", async () => {
      reads += 1;
      const { rows } = await sql<{ record: string }>`select record from base where issue_id = 1`.execute(db);
      return rows[0]?.record;
    });
  assert.equal(await database.read(record), "first");
  await database.write("user", async (db) => {
    assert.equal(await record(db), "first");
    assert.equal(reads, 1, "what was read a moment ago is not read again");
    await db.dialect.upsertMany(db, baseRows, [[1, "second"]]);
    assert.equal(await record(db), "second");
  });
  assert.equal(await database.read(record), "second");
  await assert.rejects(
    database.write("user", async (db) => {
      await db.dialect.upsertMany(db, baseRows, [[1, "third"]]);
      assert.equal(await record(db), "third");
      throw new Error("given up");
    }),
  );
  assert.equal(await database.read(record), "second");
  await database.close();
});

test("recognises statements that may change cached reads", () => {
  for (const text of [
    'update "source" set a = 1',
    "insert into source (a) values (1)",
    "delete from source",
    "alter table source add b",
    "delete from connection",
    "with x as (select 1) update source set a = 1",
  ])
    assert.deepEqual(keptKindsChangedBy(text), ["source", "word", "issue"], text);
  for (const text of ['update "label" set a = 1', "insert into person (a) values (1)"])
    assert.deepEqual(keptKindsChangedBy(text), ["word"], text);
  for (const text of [
    "update issue set source_id = 1",
    'delete from "card"',
    "insert into base (a) values (1)",
    "update operation set state = 'queued'",
    "\n  update operation set state = 'waiting' where connection_id = (select id from connection where name = ?)",
    "insert or replace into card select * from source",
  ])
    assert.deepEqual(keptKindsChangedBy(text), ["issue"], text);
  for (const text of [
    "select * from source",
    "select * from label",
    "insert into source_count (a) values (1)",
    "insert into issue_label (a) values (1)",
    "delete from rejected where source_id = (select id from source)",
    "create temp table if not exists hit (id integer)",
    "update temp.hit set score = 1 from issue where issue.id = hit.id",
  ])
    assert.deepEqual(keptKindsChangedBy(text), [], text);
});
