import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import type { Workspace } from "../../domain/workspace.ts";
import { makeWorkspaceBench, type WorkspaceBench } from "../../../test/support/workspace-bench.ts";

// Workspaces whose git is broken: by a power loss, a full disk, a killed git.

let bench: WorkspaceBench;
let workspace: Workspace;
/** git's own folder of the workspace. */
let own: string;
beforeEach(async () => {
  bench = await makeWorkspaceBench();
  workspace = await bench.create(1, "One");
  bench.commit("a.txt", "a\n", workspace.path);
  bench.git(["push", "--quiet", "origin", "HEAD"], workspace.path);
  writeFileSync(join(workspace.path, "a.txt"), "changed\n");
  writeFileSync(join(workspace.path, "mine.txt"), "mine\n");
  own = bench.git(["rev-parse", "--absolute-git-dir"], workspace.path);
});
afterEach(() => bench.close());

const facts = async () => (await bench.workspaces.get(workspace.id)).facts;

async function makeAgain(): Promise<Workspace> {
  const issue = await bench.addIssue(1, "One");
  return (await bench.workspaces.create("shop", issue)).ready;
}

function assertWhole(): void {
  assert.equal(bench.git(["status", "--porcelain"], workspace.path), "M a.txt\n?? mine.txt");
  assert.equal(readFileSync(join(workspace.path, "mine.txt"), "utf8"), "mine\n");
  bench.commit("b.txt", "b\n", workspace.path);
  assert.equal(bench.git(["rev-parse", "HEAD"], workspace.path), bench.git(["rev-parse", workspace.branch]));
}

const breakIndex: Readonly<Record<string, (index: string) => void>> = {
  "is garbage": (index) => writeFileSync(index, "garbage ".repeat(20)),
  "is empty": (index) => truncateSync(index),
  "is gone": (index) => rmSync(index),
};

for (const [how, breakIt] of Object.entries(breakIndex)) {
  test(`an index that ${how} is reported, loses nothing, and is rebuilt`, async () => {
    breakIt(join(own, "index"));
    const found = await facts();
    assert.deepEqual([found.present, found.trouble?.mendable], [true, true]);
    assert.match(found.trouble?.words ?? "", /index/);
    assert.notDeepEqual(found.dirty, []);
    await assert.rejects(bench.workspaces.remove(workspace.id, { force: false }), {
      code: "conflict",
      message: /not committed/,
      hint: /^Repair it: pan workspace create shop#1\./,
    });
    const changed = (await bench.workspaces.changes(workspace.id)).files;
    assert.deepEqual(
      changed.map(({ path, untracked }) => [path, untracked]),
      [
        ["a.txt", false],
        ["mine.txt", true],
      ],
    );

    const made = await makeAgain();
    assert.match(made.notes.join("\n"), /index was broken and was rebuilt/);
    assert.deepEqual((await facts()).trouble, null);
    assert.deepEqual((await facts()).dirty, ["a.txt", "mine.txt"]);
    assertWhole();
  });
}

test("a workspace whose index is broken is removed by force, and its commits are kept", async () => {
  bench.commit("unpushed.txt", "unpushed\n", workspace.path);
  writeFileSync(join(own, "index"), "");
  const { kept } = await bench.workspaces.remove(workspace.id, { force: true });
  assert.ok(!existsSync(workspace.path));
  assert.equal(bench.git(["show", `${kept}:unpushed.txt`]), "unpushed");
});

test("an invalid HEAD is set to the workspace's branch again", async () => {
  writeFileSync(join(own, "HEAD"), "");
  const found = await facts();
  assert.deepEqual([found.present, found.trouble?.mendable, found.dirty.length], [false, true, 1]);
  const made = await makeAgain();
  assert.match(made.notes.join("\n"), /[Ii]ts HEAD was broken/);
  assert.equal((await facts()).checkedOut, workspace.branch);
  assertWhole();
});

test("a long-locked index is reported, and everything possible without it works", async () => {
  const lock = join(own, "index.lock");
  writeFileSync(lock, "");
  // Every git holds it for a moment.
  assert.equal((await facts()).trouble, null);
  const before = new Date(Date.now() - 61_000);
  utimesSync(lock, before, before);
  const found = await facts();
  assert.deepEqual([found.present, found.trouble?.mendable, found.dirty], [true, false, ["a.txt", "mine.txt"]]);
  assert.ok(found.trouble?.words.includes(`delete ${lock}`));
  assert.equal((await bench.workspaces.changes(workspace.id)).files.length, 2);
  // The lock's owner is unknown, so it stays.
  assert.equal((await makeAgain()).state, "ready");
  assert.ok(existsSync(lock));
  // What cannot be repaired while locked is reported with git's message, and tried again without the lock.
  writeFileSync(join(own, "index"), "");
  await assert.rejects(makeAgain(), { message: /git reset failed: Unable to create '.*index\.lock': File exists/ });
  rmSync(lock);
  assert.equal((await makeAgain()).state, "ready");
  assertWhole();
});

test("a branch that a user checked out in a broken workspace stays checked out", async () => {
  bench.git(["checkout", "--quiet", "--force", "-b", "other", "origin/main"], workspace.path);
  writeFileSync(join(own, "index"), "");
  await makeAgain();
  assert.equal(bench.git(["symbolic-ref", "--short", "HEAD"], workspace.path), "other");
  assert.equal(bench.git(["status", "--porcelain"], workspace.path), "?? mine.txt");
});

test("commits that git cannot count, because objects are missing, count as work", async () => {
  bench.git(["checkout", "--quiet", "--", "."], workspace.path);
  rmSync(join(workspace.path, "mine.txt"));
  for (const file of ["one.txt", "two.txt"]) bench.commit(file, file, workspace.path);
  const gone = bench.git(["rev-parse", "HEAD~1"], workspace.path);
  rmSync(join(bench.checkout, ".git", "objects", gone.slice(0, 2), gone.slice(2)), { force: true });
  await assert.rejects(bench.workspaces.remove(workspace.id, { force: false }), {
    code: "conflict",
    message: /commit.* neither pushed nor merged/,
  });
  const head = bench.git(["rev-parse", "HEAD"], workspace.path);
  const { kept } = await bench.workspaces.remove(workspace.id, { force: true });
  assert.equal(bench.git(["rev-parse", kept ?? ""]), head);
});
