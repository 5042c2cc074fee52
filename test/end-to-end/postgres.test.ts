import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import pg from "pg";
import { startEmulator } from "../../emulators/start.ts";
import { systemClock } from "../../src/domain/clock.ts";
import type { BoardShape, IssueListShape } from "../../src/server/contract/issue.ts";
import { openStore } from "../../src/store/open-store.ts";
import { assertQuiet, goToBoard, openBrowser, untilTotal } from "../support/board.ts";
import { assertMirrorEquals } from "../support/compare.ts";
import { after, before } from "../support/hooks.ts";
import { startPostgres, type TestPostgres } from "../support/postgres.ts";
import { eventually, isSynced, makeHome, oneProject, sourceOf, startPan, untilTrackers } from "../support/stage.ts";

let postgres: TestPostgres;
before(async () => {
  postgres = await startPostgres();
});
after(() => postgres.stop());

test("pan up on PostgreSQL: board, search, sync, restart, and one owner", { timeout: 100_000 }, async () => {
  const password = "hunter2-in-the-address";
  const databaseUrl = (await postgres.createDatabase()).replace("pan@", `pan:${password}@`);
  const github = await startEmulator("github", { issues: 150, seed: 41, sources: 1 });
  const linear = await startEmulator("linear", { issues: 150, seed: 41, sources: 1 });
  const stage = {
    emulators: [github, linear],
    env: { DATABASE_URL: databaseUrl },
    projects: oneProject(github, linear),
  };
  await using home = makeHome(stage);
  await using elsewhere = makeHome(stage);
  const browser = await openBrowser();
  const outputs: string[] = [];
  const pan = async (...args: string[]) => {
    const result = await home.pan(...args);
    outputs.push(result.stdout, result.stderr);
    return result;
  };
  try {
    const server = await startPan(home);
    await untilTrackers(server, (shape) => isSynced(shape), "synced");
    assert.equal(existsSync(home.paths.databaseFile), false, "the mirror is not in a file");
    const { page, complaints } = await browser.open();
    await goToBoard(page, server);
    await untilTotal(page, 300);

    const created = github.world.create(sourceOf(github), {
      title: "Quokka on PostgreSQL",
      body: "with a wombat inside",
    });
    assert.match((await pan("sync")).stdout, /^1 issue changed/);
    await untilTotal(page, 301);
    await page.keyboard.press("f");
    await page.keyboard.type("wombat");
    await page.locator(".bar-total", { hasText: /^1 of 301 issues$/ }).waitFor();
    const search = async (...words: string[]) =>
      (JSON.parse((await pan("issues", "--json", ...words)).stdout) as IssueListShape).issues.map(({ title }) => title);
    assert.deepEqual(await search("wombat"), ["Quokka on PostgreSQL"]);
    await page.locator(".card", { hasText: "Quokka on PostgreSQL" }).waitFor();
    assertQuiet(complaints);
    await page.close();

    // Another home, the same database.
    const owner = new RegExp(`Another Panopticon is using the database \\S+ \\(panopticon, process ${server.pid} on `);
    for (const args of [["up", "--no-open", "--port", "0"], ["sync"]]) {
      const refused = await elsewhere.pan(...args);
      outputs.push(refused.stdout, refused.stderr);
      assert.equal(refused.code, 1, refused.stdout);
      assert.match(refused.stderr, owner);
      assert.match(refused.stderr, /another database in DATABASE_URL/);
    }
    const before = await server.get<BoardShape>("/api/board");
    assert.equal(before.total, 301);
    assert.equal((await server.stop()).code, 0);

    // Without a server, commands still read and sync.
    assert.deepEqual(await search("wombat"), ["Quokka on PostgreSQL"]);
    github.world.edit(created.nativeId, { title: "Quokka renamed" });
    assert.match((await pan("sync")).stdout, /^1 issue changed/);
    assert.match((await pan("doctor")).stdout, /^ok +Mirror: 301 issues, no errors/m);
    assert.deepEqual(await search("quokka"), ["Quokka renamed"]);

    // After a restart and a kill, the mirror is the same.
    const again = await startPan(home);
    assert.deepEqual(
      (await again.get<BoardShape>("/api/board")).columns.map(({ total }) => total),
      before.columns.map(({ total }) => total),
    );
    again.process.kill("SIGKILL");
    await again.finished;
    const last = await startPan(elsewhere);
    linear.world.create(sourceOf(linear), { title: "By the new owner" });
    const synced = await last.ask("POST", "/api/trackers/linear/sync");
    assert.equal(synced.status, 200);
    assert.equal((await last.get<BoardShape>("/api/board")).total, 302);
    const ended = await last.stop();
    outputs.push(ended.stdout, ended.stderr);

    const store = await openStore({ databaseUrl, file: home.paths.databaseFile, clock: systemClock, readOnly: true });
    try {
      assert.deepEqual(await store.check(), []);
      await assertMirrorEquals(store, [github, linear]);
    } finally {
      await store.close();
    }
    assert.ok(
      outputs.every((text) => !text.includes(password)),
      "the password is printed nowhere",
    );
  } finally {
    await browser.close();
    await github.close();
    await linear.close();
  }
});

test(
  "waits for a database that went away, and leaves it to another Panopticon that took it over",
  {
    timeout: 60_000,
  },
  async () => {
    const databaseUrl = await postgres.createMirror();
    const github = await startEmulator("github", { issues: 20, seed: 43, sources: 1 });
    await using home = makeHome({
      emulators: [github],
      env: { DATABASE_URL: databaseUrl },
      projects: oneProject(github, null),
    });
    const other = new pg.Client({ connectionString: databaseUrl });
    other.on("error", () => undefined);
    await other.connect();
    const endConnections = () =>
      other.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
      );
    try {
      const server = await startPan(home);
      await untilTrackers(server, (shape) => isSynced(shape), "synced");
      const { issues } = await server.get<IssueListShape>("/api/issues?limit=1");
      const path = `/api/issues/${encodeURIComponent(issues[0]?.address ?? "")}`;
      assert.equal((await server.ask("PATCH", path, { title: "Before the outage" })).status, 200);

      await endConnections();
      await server.until(/lost the connection .*Panopticon waits for it/);
      await server.until(/runs at [^]*runs at /);
      assert.equal(((await server.get(path)) as { title: string }).title, "Before the outage");
      assert.equal((await server.ask("PATCH", path, { title: "After the outage" })).status, 200);
      await eventually(async () => {
        const { operations } = await server.get<{ operations: unknown[] }>("/api/outbox");
        return operations.length === 0 ? true : undefined;
      }, "all is written");
      assert.equal(github.world.issues().filter(({ title }) => title === "After the outage").length, 1);

      // The waiting process gets the lock when its owner loses it.
      const taken = other.query("select pg_advisory_lock($1, $2)", [0x70_61_6e, 1]);
      const admin = new pg.Client({ connectionString: databaseUrl });
      await admin.connect();
      await admin.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'panopticon, process%'",
      );
      await taken;
      await admin.end();
      const { code, stderr } = await server.finished;
      assert.equal(code, 1);
      assert.match(stderr, /Another Panopticon is using the database/);
      assert.equal(existsSync(home.paths.serverFile), false);
    } finally {
      await other.end();
      await github.close();
    }
  },
);

test("an unreachable database is reported without its password", { timeout: 30_000 }, async () => {
  const password = "hunter2-in-the-address";
  await using home = makeHome({
    emulators: [],
    env: { DATABASE_URL: `postgres://pan:${password}@127.0.0.1:1/nothing` },
    projects: "projects: {}\n",
  });
  for (const args of [["up", "--no-open", "--port", "0"], ["sync"], ["issues"], ["status"]]) {
    const refused = await home.pan(...args);
    assert.equal(refused.code, 1, refused.stdout);
    assert.match(refused.stderr, /The database \S+ cannot be reached: .*\n.*DATABASE_URL/);
    assert.ok(!refused.stderr.includes(password));
  }
});

test("reports an invalid or unreachable database URL without revealing its password", { timeout: 30_000 }, async () => {
  for (const [url, said] of [
    ["mysql://127.0.0.1/mirror", /DATABASE_URL .* is not a PostgreSQL address\.\n.*postgres:\/\/USER/],
    ["/var/lib/mirror.db", /is not a PostgreSQL address/],
    ["postgres://127.0.0.1:1/nothing", /The database postgres:\/\/127\.0\.0\.1:1\/nothing cannot be reached/],
    ["postgres://127.0.0.1:1/nothing?user=pan&password=hunter2", /postgres:\/\/127\.0\.0\.1:1\/nothing cannot be/],
  ] as const) {
    await using home = makeHome({ emulators: [], env: { DATABASE_URL: url }, projects: "projects: {}\n" });
    for (const args of [["up", "--no-open", "--port", "0"], ["issues"]]) {
      const { stderr } = await home.pan(...args);
      assert.match(stderr, said);
      assert.ok(!stderr.includes("hunter2"));
    }
  }
});
