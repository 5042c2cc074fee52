import assert from "node:assert/strict";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { sql } from "kysely";
import { after } from "../../../test/support/hooks.ts";
import { systemClock } from "../../domain/clock.ts";
import type { Trx } from "./database.ts";
import { openSqlite } from "./sqlite-database.ts";

const folder = await mkdtemp(join(tmpdir(), "panopticon-transactions-"));
after(() => rm(folder, { recursive: true, force: true }));

const count = async (db: Trx) =>
  (await sql<{ n: number }>`select count(*) as n from note`.execute(db)).rows[0]?.n ?? null;
const add = (text: string) => (db: Trx) => sql`insert into note (text) values (${text})`.execute(db);

async function openNotes(name: string) {
  const file = join(folder, name);
  const database = openSqlite({ file, readOnly: false, findRefs: () => [], clock: systemClock });
  await database.write("user", (db) => sql`create table note (text text)`.execute(db));
  return { database, file };
}

test("a read sees everything written before it began, even in the same turn of the event loop", async () => {
  const { database } = await openNotes("same-turn.db");
  const seen: (number | null)[] = [];
  for (let round = 0; round < 3; round += 1) {
    seen.push(await database.read(count), await database.read(count));
    await database.write("user", add("one"));
  }
  // None of this waited for the event loop: SQLite answers synchronously.
  assert.deepEqual(seen, [0, 0, 1, 1, 2, 2]);

  const { promise, resolve } = Promise.withResolvers<void>();
  const long = database.read(async (db) => {
    const first = await count(db);
    await promise;
    return [first, await count(db)];
  });
  const behind = database.read(count);
  await database.write("user", add("while a read runs"));
  resolve();
  assert.deepEqual(await long, [3, 3], "one transaction, one state");
  assert.equal(await behind, 4, "the next one begins after the write");
  await database.close();
});

test("a peek sees committed writes and waits for no write", async () => {
  const { database } = await openNotes("look.db");
  assert.equal(await database.peek(count), 0);
  await database.write("user", add("one"));
  assert.equal(await database.peek(count), 1);
  const { promise, resolve } = Promise.withResolvers<void>();
  const long = database.write("user", async (db) => {
    await add("two")(db);
    await promise;
  });
  assert.equal(await database.peek(count), 1, "not what may be taken back yet");
  resolve();
  await long;
  assert.equal(await database.peek(count), 2);
  await assert.rejects(database.peek((db) => sql`select * from nowhere`.execute(db)));
  await database.write("user", add("three"));
  assert.deepEqual([await database.peek(count), await database.read(count)], [3, 3]);
  await database.close();
});

test("statements in use stay prepared, however many others there are", async () => {
  const { database } = await openNotes("many.db");
  for (let round = 0; round < 700; round += 1) {
    await database.read((db) => sql.raw(`select ${round} as number`).execute(db));
    assert.equal(await database.read(count), 0);
  }
  await database.close();
});

test("user changes are on disk before they are acknowledged; pulled data need not be", async () => {
  const { database } = await openNotes("durable.db");
  // SQLite's values: 2 is FULL, the log is synced at each commit; 1 is NORMAL. https://sqlite.org/pragma.html#pragma_synchronous
  const synchronous = async (db: Trx) =>
    (await sql<{ synchronous: number }>`select synchronous from pragma_synchronous`.execute(db)).rows[0]?.synchronous;
  for (let round = 0; round < 2; round += 1) {
    assert.equal(await database.write("user", synchronous), 2);
    assert.equal(await database.write("pulled", synchronous), 1);
  }
  await database.close();
});

test("a failed read does not affect later ones", async () => {
  const { database } = await openNotes("failing.db");
  await database.write("user", add("one"));
  assert.equal(await database.read(count), 1);
  await assert.rejects(database.read((db) => sql`select * from nowhere`.execute(db)));
  assert.equal(await database.read(count), 1);
  await database.close();
});

test("reads block checkpoints of the write-ahead log only while they run", async () => {
  const { database, file } = await openNotes("log.db");
  // SQLite writes a log of two thousand pages of 4 KiB back and restarts it as soon as nobody reads an older state.
  for (let round = 0; round < 600; round += 1) {
    await database.read(count);
    await database.write("pulled", add("x".repeat(40_000)));
  }
  assert.ok((await stat(`${file}-wal`)).size < 12_000_000, "it was begun anew");
  await database.close();
});

test("a long write of pulled data lets reads in between its statements; a user's change waits only for its end, and keeps the event loop", async () => {
  const { database } = await openNotes("long.db");
  let turns = 0;
  let isCounting = true;
  const turn = () => {
    turns += 1;
    if (isCounting) setImmediate(turn);
  };
  // A hundred statements of a few milliseconds each.
  const slow = async (db: Trx) => {
    for (let round = 0; round < 100; round += 1) {
      await sql`insert into note (text) with recursive n(i) as (select 1 union all select i + 1 from n where i < 4000) select 'x' from n`.execute(
        db,
      );
    }
  };
  setImmediate(turn);
  await database.write("user", slow);
  assert.equal(turns, 0);
  const order: string[] = [];
  const written = database.write("pulled", slow).then(() => order.push("written"));
  const other = database.write("pulled", add("behind it")).then(() => order.push("behind it"));
  const seen = await database.read(async (db) => {
    const before = await count(db);
    await new Promise((resolve) => setImmediate(resolve));
    return [before, await count(db)];
  });
  order.push("read");
  assert.deepEqual(seen, [400_000, 400_000]);
  while (turns < 4) await new Promise((resolve) => setImmediate(resolve));
  const changed = database.write("user", add("the user's")).then(() => order.push("the user's"));
  const whenWanted = turns;
  await written;
  assert.ok(turns - whenWanted <= 2, "once it is waited for, it keeps nobody waiting longer");
  await Promise.all([changed, other]);
  assert.deepEqual(order, ["read", "written", "the user's", "behind it"]);
  isCounting = false;
  assert.equal(await database.read(count), 800_002);
  await database.close();
});

test("closing waits for running writes", async () => {
  const { database, file } = await openNotes("closed.db");
  const written = database.write("pulled", async (db) => {
    await add("one")(db);
    await new Promise((resolve) => setImmediate(resolve));
    await add("two")(db);
  });
  await database.close();
  await written;
  const again = openSqlite({ file, readOnly: true, findRefs: () => [], clock: systemClock });
  assert.equal(await again.read(count), 2);
  await again.close();
});
