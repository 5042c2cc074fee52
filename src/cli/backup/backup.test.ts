import assert from "node:assert/strict";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, test } from "node:test";
import { fails } from "../../../test/support/assert-finished.ts";
import { after, before } from "../../../test/support/hooks.ts";
import { eventually, startPan } from "../../../test/support/stage.ts";
import { makeSyncedHome, type SyncedHome } from "../../../test/support/synced-home.ts";
import type { IssueListShape } from "../../server/contract/issue.ts";
import { makePanHome } from "../fixture.ts";
import { seal } from "./seal.ts";

let home: SyncedHome;
before(async () => {
  home = await makeSyncedHome(60);
});
after(() => home[Symbol.asyncDispose]());

/** In the middle of a text, where SQLite's own check sees nothing. */
function changeOneLetter(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  const at = changed.indexOf("Found while checking");
  assert.notEqual(at, -1);
  changed.write("B", at);
  return changed;
}

describe("pan backup and pan restore", () => {
  const folder = mkdtempSync(join(tmpdir(), "panopticon-backup-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "one.backup");

  test("copies everything while the server runs, secrets only on request", async () => {
    const server = await startPan(home);
    const made = await home.here(["backup", file, "--json"]);
    assert.equal(made.code, 0, made.stderr);
    const result = JSON.parse(made.stdout) as { files: string[]; without: string[] };
    assert.deepEqual(result.files, ["projects.yaml"]);
    assert.deepEqual(result.without, [".panopticon.env"]);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const secret = home.emulators["github"]?.credentials["GITHUB_TOKEN"] ?? "";
    assert.ok(!readFileSync(file).includes(secret));
    assert.equal((await home.here(["backup", file])).code, 5);
    const whole = join(folder, "whole.backup");
    assert.equal((await home.here(["backup", whole, "--secrets"])).code, 0);
    assert.ok(readFileSync(whole).includes(secret));
    // A running server owns the data.
    const refused = await home.here(["restore", file, "--force"]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /pan down|in use|another/i);
    await server.stop();
  });

  test("restores into an empty home, where everything works, and names keys missing there", async () => {
    await using bare = makePanHome();
    const without = await bare.here(["restore", file]);
    assert.equal(without.code, 0, without.stderr);
    assert.match(
      without.stderr,
      /Missing, and only included in backups made with --secrets: GITHUB_TOKEN, .*RALLY_API_KEY/,
    );
    await using empty = makePanHome();
    const restored = await empty.here(["restore", join(folder, "whole.backup")]);
    assert.equal(restored.code, 0, restored.stderr);
    assert.equal(statSync(empty.paths.envFile).mode & 0o777, 0o600);
    const listed = JSON.parse((await empty.here(["issues", "--json"])).stdout) as IssueListShape;
    assert.equal(listed.total, home.total());
    assert.equal((await empty.here(["sync"])).code, 0);
  });

  test("replaces nothing without --force, and keeps what it replaces", async () => {
    const refused = await home.here(["restore", file]);
    assert.equal(refused.code, 5);
    assert.match(refused.stderr, /--force/);
    const restored = await home.here(["restore", file, "--force", "--json"]);
    assert.equal(restored.code, 0, restored.stderr);
    const { keptAt } = JSON.parse(restored.stdout) as { keptAt: string[] };
    assert.equal(keptAt.length, 1);
    for (const path of keptAt) assert.ok(existsSync(path));
    const mirror = new DatabaseSync(home.paths.databaseFile, { readOnly: true });
    const left = mirror.prepare("select name from sqlite_master where name like 'backup%'").all();
    mirror.close();
    assert.deepEqual(left, [], "what the backup says of itself is no part of the mirror");
    const listed = JSON.parse((await home.here(["issues", "--json"])).stdout) as IssueListShape;
    assert.equal(listed.total, home.total());
  });

  test("rejects damaged backups and other files, changing nothing", async () => {
    const before = readdirSync(home.paths.home).toSorted();
    const broken = join(folder, "broken.backup");
    const bytes = readFileSync(file);
    const other = join(folder, "other.backup");
    new DatabaseSync(other).exec("create table a (b)");
    const cases: [string, Uint8Array | string | null][] = [
      ["cut short", bytes.subarray(0, bytes.length / 2)],
      ["overwritten", Buffer.concat([bytes.subarray(0, 9000), Buffer.alloc(30_000, 7), bytes.subarray(39_000)])],
      ["one letter of a text changed", changeOneLetter(bytes)],
      ["its end cut off", bytes.subarray(0, bytes.length - 1)],
      ["text", "no database"],
      ["empty", ""],
    ];
    for (const [what, content] of cases) {
      writeFileSync(broken, content ?? "");
      const { code, stderr } = await home.here(["restore", broken, "--force"]);
      assert.equal(code, 2, `${what}: ${stderr}`);
    }
    assert.equal((await home.here(["restore", other, "--force"])).code, 2);
    assert.equal((await home.here(["restore", join(folder, "missing"), "--force"])).code, 3);
    assert.match((await home.here(["restore", folder, "--force"])).stderr, /is a folder/);
    fails(await home.here(["backup", folder]), 2, /is a folder\.\nName a file in it/);
    fails(await home.here(["backup", ""]), 2, /must not be empty/);
    fails(await home.here(["backup", join(file, "inside")]), 2, /inside cannot be written/);
    fails(await home.here(["backup", "-"]), 2, /cannot be written to standard output/);
    const newer = join(folder, "newer.backup");
    writeFileSync(newer, bytes);
    const db = new DatabaseSync(newer);
    db.exec("update backup_manifest set format = 99, version = '9.9.9'");
    db.close();
    const refused = await home.here(["restore", newer, "--force"]);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /newer version of Panopticon \(9\.9\.9\)/);
    assert.deepEqual(readdirSync(home.paths.home).toSorted(), before);
  });

  /** Starts a backup and ends it with a signal while it is being written. */
  async function interrupt(place: string, args: readonly string[], signal: NodeJS.Signals) {
    // Whoever has the mirror to itself keeps the backup waiting.
    const holder = new DatabaseSync(home.paths.databaseFile);
    holder.exec("pragma locking_mode = exclusive; begin immediate");
    const before = readdirSync(place).length;
    const backup = home.start(["backup", ...args], { cwd: place });
    await eventually(() => (readdirSync(place).length > before ? true : undefined), "it is being written");
    backup.process.kill(signal);
    const end = await backup.finished;
    holder.close();
    return end;
  }

  for (const [what, signal, expected] of [
    ["Ctrl-C", "SIGINT", 130],
    ["a service manager", "SIGTERM", 143],
  ] as const) {
    test(`${what} ends a backup and leaves nothing of it`, async () => {
      const own = mkdtempSync(join(folder, "interrupted-"));
      const { code, stderr } = await interrupt(own, [join(own, "one.backup")], signal);
      assert.deepEqual([code, stderr, readdirSync(own)], [expected, "Interrupted; no backup was written.\n", []]);
    });
  }

  test("what a killed backup left is removed by the next one there, and nothing else", async () => {
    const own = mkdtempSync(join(folder, "killed-"));
    await interrupt(own, ["one.backup"], "SIGKILL");
    await interrupt(own, [], "SIGKILL");
    const [dead = assert.fail(), second] = readdirSync(own);
    assert.match(`${dead} ${second}`, /^one\.backup\.\d+\.tmp panopticon-.+\.backup\.\d+\.tmp$/);
    const gone = /\.(\d+)\.tmp/.exec(dead)?.[1] ?? assert.fail();
    writeFileSync(join(own, `${dead}-journal`), "");
    // Of a process that lives, of another program, and what another container, with its own process ids, is writing.
    const kept = [`one.backup.${process.ppid}.tmp`, `notes.${gone}.tmp`, `panopticon-2026-01-01.backup.${gone}.tmp`];
    for (const name of kept) writeFileSync(join(own, name), "");
    const writing = new DatabaseSync(join(own, kept[2] ?? ""));
    writing.exec("begin exclusive");
    const { code, stderr } = await home.here(["backup", join(own, "one.backup")]);
    writing.close();
    assert.equal(code, 0, stderr);
    assert.deepEqual(readdirSync(own).toSorted(), [...kept, "one.backup"].toSorted());
  });

  test("creates the backup readable by its owner only, from the first byte", async () => {
    const own = mkdtempSync(join(folder, "modes-"));
    const modes = new Set<string>();
    let isMade = false;
    const look = () => {
      for (const name of readdirSync(own)) {
        const { mode } = statSync(join(own, name), { throwIfNoEntry: false }) ?? {};
        if (mode !== undefined) modes.add(`${name.replace(/\d+/g, "N")} ${(mode & 0o777).toString(8)}`);
      }
      if (!isMade) setImmediate(look);
    };
    look();
    const { code, stderr } = await home.here(["backup", join(own, "one.backup"), "--secrets"]);
    isMade = true;
    look();
    assert.equal(code, 0, stderr);
    assert.ok(modes.has("one.backup.N.tmp 600") && modes.has("one.backup 600"), [...modes].join(", "));
    assert.deepEqual(
      [...modes].filter((mode) => !mode.endsWith(" 600")),
      [],
    );
  });

  test("rejects a mirror whose tables contradict each other", async () => {
    const before = readdirSync(home.paths.home).toSorted();
    const wrong = join(folder, "wrong.backup");
    writeFileSync(wrong, readFileSync(file));
    const db = new DatabaseSync(wrong);
    db.exec("update source_count set issues = issues + 1");
    db.close();
    truncateSync(wrong, statSync(wrong).size - (statSync(wrong).size % 4096));
    seal(wrong);
    const { code, stderr } = await home.here(["restore", wrong, "--force"]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /wrong\.backup is damaged: .*\nNothing was changed/);
    assert.deepEqual(readdirSync(home.paths.home).toSorted(), before);
  });

  test("delivers a change pending in the backup once, whatever happened since the backup", async () => {
    const github = home.emulators["github"];
    assert.ok(github);
    const { issues } = JSON.parse(
      (await home.here(["issues", "--json", "--tracker", "github", "--limit", "1"])).stdout,
    ) as IssueListShape;
    const [issue] = issues;
    assert.ok(issue);
    github.faults.add({ kind: "drop", times: Infinity, method: "POST" });
    await home.here(["comment", issue.address, "Said before the backup"]);
    github.faults.clear();
    // A change that was never sent.
    github.faults.add({ kind: "rate-limit", times: Infinity, method: "POST", value: 1 });
    await home.here(["comment", issue.address, "Waited before the backup"]);
    await home.here(["create", "Waited before the backup", "--source", home.hub.key]);
    github.faults.clear();
    const kept = join(folder, "pending.backup");
    assert.equal((await home.here(["backup", kept])).code, 0);
    const comments = () =>
      github.world.comments?.(issue.nativeId).filter(({ body }) => body.includes("before the backup")).length;
    const made = () => github.world.issues().filter(({ title }) => title === "Waited before the backup").length;
    assert.deepEqual([comments(), made()], [0, 0]);
    // Deliver it, then restore the backup from before.
    await home.here(["outbox", "retry", "1"]);
    const delivering = await startPan(home);
    await eventually(() => (comments() === 2 && made() === 1 ? true : undefined), "all of it is written");
    await delivering.stop();
    const restored = await home.here(["restore", kept, "--force", "--json"]);
    assert.equal((JSON.parse(restored.stdout) as { unsent: number }).unsent, 3);
    const again = await startPan(home);
    await eventually(async () => {
      const { operations } = await again.get<{ operations: unknown[] }>("/api/outbox");
      return operations.length === 0 ? true : undefined;
    }, "nothing waits any more");
    assert.deepEqual([comments(), made()], [2, 1]);
    await again.stop();
  });

  test("treats a key in config.yaml like the other secrets", async () => {
    home.write("config", "connections:\n  work: { tracker: github, token: ghp_canary_in_config }\n");
    const bare = join(folder, "config.backup");
    const { stdout } = await home.here(["backup", bare, "--json"]);
    assert.deepEqual((JSON.parse(stdout) as { without: string[] }).without, ["config.yaml", ".panopticon.env"]);
    assert.ok(!readFileSync(bare).includes("ghp_canary_in_config"));
    rmSync(home.paths.configFile);
  });

  test("with PostgreSQL, points to PostgreSQL's own tools", async () => {
    const { code, stderr } = await home.here(["backup"], { DATABASE_URL: "postgres://127.0.0.1:1/none" });
    assert.equal(code, 1);
    assert.match(stderr, /pg_dump/);
  });
});
