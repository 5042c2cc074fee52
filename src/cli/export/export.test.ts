import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { after, before } from "../../../test/support/hooks.ts";
import { makeSyncedHome, type SyncedHome } from "../../../test/support/synced-home.ts";
import { putIssues } from "../../../test/support/put-issues.ts";
import { makeIssue, makeSource } from "../../../test/support/store-fixtures.ts";
import { systemClock } from "../../domain/clock.ts";
import type { IssueListShape } from "../../server/contract/issue.ts";
import { openStore } from "../../store/open-store.ts";
import { makePanHome } from "../fixture.ts";

let home: SyncedHome;
before(async () => {
  home = await makeSyncedHome(60);
});
after(() => home[Symbol.asyncDispose]());

describe("pan export", () => {
  test("exports every issue of a filter as JSON, CSV and markdown, without a server", async () => {
    const json = await home.here(["export"]);
    const { issues } = JSON.parse(json.stdout) as IssueListShape;
    assert.equal(issues.length, home.total());
    assert.equal(new Set(issues.map(({ tracker, nativeId }) => `${tracker} ${nativeId}`)).size, home.total());
    const csv = await home.here(["export", "--format", "csv", "--tracker", "github"]);
    const lines = csv.stdout.split("\r\n");
    assert.match(lines[0] ?? "", /^ref,tracker,project,type,title,/);
    assert.equal(lines.length - 2, issues.filter(({ tracker }) => tracker === "github").length);
    const markdown = await home.here(["export", "--format", "markdown", "--status", "done"]);
    const rows = markdown.stdout.trimEnd().split("\n").slice(2);
    assert.equal(rows.length, issues.filter(({ status }) => status === "done").length);
    for (const row of rows) assert.match(row, /^\| \[.*\]\(http[^)]*\) \| Done \|/);
  });

  test("exports very many issues completely, in order of creation", async () => {
    await using shop = makePanHome();
    mkdirSync(shop.paths.home, { recursive: true });
    const store = await openStore({ databaseUrl: null, file: shop.paths.databaseFile, clock: systemClock });
    await store.sources.reconcile([makeSource("acme/shop")]);
    const many = Array.from({ length: 2_100 }, (_, index) =>
      makeIssue(index + 1, { title: "A | B *c* `d`", createdAt: 1_000 * (index + 1), updatedAt: 9_000_000 - index }),
    );
    await putIssues(store, many);
    await store.close();
    const json = JSON.parse((await shop.here(["export"])).stdout) as IssueListShape;
    const times = json.issues.map(({ createdAt }) => Date.parse(createdAt) / 1_000);
    assert.deepEqual(
      times.toSorted((a, b) => a - b),
      many.map(({ createdAt }) => createdAt / 1_000),
    );
    const steps = new Set(times.slice(1).map((time, index) => time - (times[index] ?? 0)));
    assert.equal(steps.size, 1, "one after the other");
    const csv = (await shop.here(["export", "--format", "csv"])).stdout.trimEnd().split("\r\n");
    assert.equal(csv.length, many.length + 1);
    const markdown = (await shop.here(["export", "--format", "markdown"])).stdout.trimEnd().split("\n");
    assert.equal(markdown.length, many.length + 2);
    assert.ok(markdown.at(-1)?.includes(" | A \\| B \\*c\\* \\`d\\` | "), markdown.at(-1));
  });

  test("writes through a symbolic link, into a device itself, and not over a folder", async (t) => {
    const link = join(home.folder, "link.csv");
    const real = join(home.folder, "real.csv");
    writeFileSync(real, "before");
    symlinkSync(real, link);
    assert.equal((await home.here(["export", "--format", "csv", "--output", link])).code, 0);
    assert.ok(lstatSync(link).isSymbolicLink());
    assert.match(readFileSync(real, "utf8"), /^ref,tracker/);
    // The target of a link need not exist yet.
    const ahead = join(home.folder, "ahead.csv");
    symlinkSync("not-yet.csv", ahead);
    assert.equal((await home.here(["export", "--format", "csv", "--output", ahead])).code, 0);
    assert.ok(lstatSync(ahead).isSymbolicLink());
    assert.match(readFileSync(join(home.folder, "not-yet.csv"), "utf8"), /^ref,tracker/);
    const folder = await home.here(["export", "--output", home.folder]);
    assert.equal(folder.code, 2);
    assert.match(folder.stderr, /is a folder\./);
    const backup = await home.here(["backup", join(home.folder, "nowhere", "x")]);
    assert.equal(backup.code, 2);
    assert.match(backup.stderr, /cannot be written/);
    if (process.platform === "win32") return t.skip("mkfifo is not known here");
    // A pipe stands for any device: replacing it with a file would break it.
    const pipe = join(home.folder, "pipe");
    spawnSync("mkfifo", [pipe]);
    const [read, exported] = await Promise.all([
      readFile(pipe, "utf8"),
      home.pan("export", "--format", "csv", "--output", pipe),
    ]);
    assert.equal(exported.code, 0, exported.stderr);
    assert.match(read, /^ref,tracker/);
    assert.ok(lstatSync(pipe).isFIFO());
  });

  test("writes a file completely or not at all, and rejects unknown options", async () => {
    const file = join(home.folder, "out.csv");
    assert.equal((await home.here(["export", "--format", "csv", "--output", file])).code, 0);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    // The file's owner decides who else may read it.
    chmodSync(file, 0o644);
    assert.equal((await home.here(["export", "--format", "csv", "--output", file])).code, 0);
    assert.equal(statSync(file).mode & 0o777, 0o644);
    assert.equal((await home.here(["export", "--output", join(home.folder, "nowhere", "x")])).code, 2);
    assert.equal((await home.here(["export", "--format", "xml"])).code, 2);
    assert.equal((await home.here(["export", "--status", "nothing"])).code, 2);
    assert.deepEqual(
      readdirSync(home.folder).filter((name) => name.endsWith(".tmp")),
      [],
    );
    const none = await home.here(["export", "--q", "thereisnosuchword"]);
    assert.deepEqual(JSON.parse(none.stdout), { issues: [] });
  });
});
