import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { makeWorkspaceBench, type WorkspaceBench } from "../../../test/support/workspace-bench.ts";

// What a workspace starts from, and the name of its branch.

let bench: WorkspaceBench;
beforeEach(async () => {
  bench = await makeWorkspaceBench();
});
afterEach(() => bench.close());

test("offline it starts from what was last fetched, and says so", async () => {
  renameSync(bench.origin, `${bench.origin}.away`);
  const workspace = await bench.create();
  assert.equal(workspace.state, "ready");
  assert.match(workspace.notes.join(), /origin could not be asked/);
  assert.match(bench.logOf(workspace), /origin could not be asked/);
});

test("without a remote it starts from the local branch", async () => {
  bench.git(["remote", "remove", "origin"]);
  const workspace = await bench.create();
  assert.equal(workspace.base, "main");
  assert.deepEqual(workspace.notes, []);
  bench.commit("a.txt", "a\n", workspace.path);
  await assert.rejects(bench.workspaces.remove(workspace.id, { force: false }), { message: /one commit is neither/ });
});

test("existing branches are continued, or avoided", async () => {
  bench.git(["branch", "feature/shop-1-mine"]);
  const kept = await bench.create(1, "Mine");
  assert.equal(kept.branch, "feature/shop-1-mine");

  bench.git(["checkout", "--quiet", "-b", "feature/shop-2-held"]);
  const { ready, workspace } = await bench.workspaces.create("shop", await bench.addIssue(2, "Held"));
  await assert.rejects(ready, { code: "conflict", message: new RegExp(`checked out in ${bench.checkout}`) });
  const failed = await bench.workspaces.get(workspace.id);
  assert.equal(failed.state, "failed");
  assert.match(failed.problem ?? "", /Check out another branch there/, "what to do is kept, too");
  bench.git(["checkout", "--quiet", "main"]);
  const again = await bench.workspaces.create("shop", await bench.addIssue(2, "Held"));
  assert.equal((await again.ready).state, "ready");

  bench.git(["push", "--quiet", "origin", "main:refs/heads/feature/shop-3-there"]);
  bench.git(["fetch", "--quiet"]);
  assert.match((await bench.create(3, "There")).notes.join(), /goes on with it/);

  bench.change({ branch: "top/{ref}" });
  bench.git(["branch", "top"]);
  assert.equal((await bench.create(4, "Below")).branch, "top-shop-4");
});

test("a workspace whose branch is taken fails alone: both are listed, continued and removed", async () => {
  bench.change({ branch: "fixed" });
  const first = await bench.create(1);
  const second = await bench.workspaces.create("shop", await bench.addIssue(2, "Two"));
  const held = { code: "conflict", message: /the workspace of shop#1/ };
  await assert.rejects(second.ready, held);
  const listed = await bench.workspaces.list();
  assert.deepEqual(
    listed.map(({ issue, path, state }) => [issue.ref, path, state]),
    [
      ["shop#2", second.workspace.path, "failed"],
      ["shop#1", first.path, "ready"],
    ],
  );
  await assert.rejects((await bench.workspaces.create("shop", await bench.addIssue(2, "Two"))).ready, held);

  const moved = join(bench.folder, "moved");
  bench.git(["worktree", "move", first.path, moved]);
  assert.deepEqual(
    (await bench.workspaces.list()).map(({ path }) => path),
    [second.workspace.path, moved],
  );

  await bench.workspaces.remove(second.workspace.id, { force: true });
  assert.equal(bench.git(["branch", "--show-current"], moved), "fixed");
  await bench.workspaces.remove(first.id, { force: false });
  assert.deepEqual(await bench.workspaces.list(), []);
});
