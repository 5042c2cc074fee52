import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, rmdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { after } from "../../test/support/hooks.ts";
import { startPostgres } from "../../test/support/postgres.ts";
import { acquireLock, findLockHolder } from "./lock.ts";

const folder = mkdtempSync(join(tmpdir(), "pan-lock-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newFile = () => join(folder, `lock-${(files += 1)}`);

/** Another process that holds the lock until it is killed. */
async function holdElsewhere(file: string, databaseUrl: string | null) {
  const program = join(folder, "hold.ts");
  const lock = new URL("lock.ts", import.meta.url).href;
  writeFileSync(
    program,
    `import { acquireLock } from ${JSON.stringify(lock)};
     await acquireLock({ databaseUrl: process.argv[3] || null, file: process.argv[2] });
     process.send("held");
     process.on("message", () => {});`,
  );
  const child = fork(program, [file, databaseUrl ?? ""], { execArgv: ["--disable-warning=ExperimentalWarning"] });
  await once(child, "message");
  return child;
}

describe("the lock", () => {
  it("gives a data directory one owner at a time", async () => {
    const file = newFile();
    const lock = await acquireLock({ databaseUrl: null, file });
    await assert.rejects(acquireLock({ databaseUrl: null, file }), (error: Error) => {
      assert.match(error.message, new RegExp(`process ${process.pid}, since \\d\\d:\\d\\d\\)`));
      assert.match(String(Reflect.get(error, "hint")), /pan down/);
      return Reflect.get(error, "code") === "busy";
    });
    assert.equal(findLockHolder(file)?.pid, process.pid);
    await lock.release();
    await lock.release();
    assert.equal(findLockHolder(file), null);
    assert.equal(existsSync(`${file}.json`), false);
    await (await acquireLock({ databaseUrl: null, file })).release();
  });

  it("says since when in local time, with the day if it is not today", async (t) => {
    const zone = process.env["TZ"];
    t.after(() => {
      if (zone === undefined) delete process.env["TZ"];
      else process.env["TZ"] = zone;
    });
    process.env["TZ"] = "Asia/Tokyo";
    const file = newFile();
    const lock = await acquireLock({ databaseUrl: null, file });
    t.after(() => lock.release());
    const holder = { pid: process.pid, since: "2026-01-02T15:30:00.000Z", host: "here" };
    writeFileSync(`${file}.json`, JSON.stringify(holder));
    await assert.rejects(acquireLock({ databaseUrl: null, file }), { message: /, since 2026-01-03 00:30\)\.$/ });
  });

  it("ends with its holder, however that exits", async () => {
    const file = newFile();
    const child = await holdElsewhere(file, null);
    await assert.rejects(acquireLock({ databaseUrl: null, file }), {
      code: "busy",
      message: new RegExp(`process ${child.pid}`),
    });
    child.kill("SIGKILL");
    await once(child, "exit");
    await (await acquireLock({ databaseUrl: null, file })).release();
  });

  it("ignores an unreadable holder file", async () => {
    const file = newFile();
    const lock = await acquireLock({ databaseUrl: null, file });
    writeFileSync(`${file}.json`, "half a no");
    await assert.rejects(acquireLock({ databaseUrl: null, file }), { code: "busy", message: /another process/ });
    await lock.release();
  });

  it("reports why a file cannot be locked", async () => {
    await assert.rejects(acquireLock({ databaseUrl: null, file: join(folder, "missing", "lock") }), {
      code: "internal",
    });
  });

  it("reports that the holder cannot be recorded, and releases the lock", async () => {
    const file = newFile();
    mkdirSync(`${file}.json`);
    await assert.rejects(acquireLock({ databaseUrl: null, file }), {
      code: "internal",
      message: `${file}.json could not be written.`,
      hint: /writable for yourself/,
    });
    rmdirSync(`${file}.json`);
    await (await acquireLock({ databaseUrl: null, file })).release();
  });

  it("gives a PostgreSQL database one owner at a time, from any directory", async () => {
    const databaseUrl = await (await startPostgres()).createDatabase();
    const lost: Error[] = [];
    const lock = await acquireLock({ databaseUrl, file: newFile(), onLost: (error) => lost.push(error) });
    const second = newFile();
    await assert.rejects(acquireLock({ databaseUrl, file: second }), {
      code: "busy",
      message: new RegExp(`process ${process.pid} on `),
    });
    assert.equal(existsSync(`${second}.json`), false, "the directory is free again");
    await lock.release();
    assert.deepEqual(lost, []);
    const child = await holdElsewhere(second, databaseUrl);
    await assert.rejects(acquireLock({ databaseUrl, file: newFile() }), { code: "busy" });
    child.kill("SIGKILL");
    await once(child, "exit");
  });

  it("reports when the connection that holds the database lock breaks", async () => {
    const { default: pg } = await import("pg");
    const databaseUrl = await (await startPostgres()).createDatabase();
    const { promise, resolve } = Promise.withResolvers<Error>();
    const lock = await acquireLock({ databaseUrl, file: newFile(), onLost: resolve });
    const admin = new pg.Client({ connectionString: databaseUrl });
    await admin.connect();
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'panopticon, process%' and datname = current_database()",
    );
    await admin.end();
    assert.match((await promise).message, /lost the connection/);
    await lock.release();
  });
});
