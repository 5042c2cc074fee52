import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { makeBranch } from "../../../test/support/workbench.ts";
import type { Workspace } from "../../domain/workspace.ts";
import { makeWorkspaceBench, type WorkspaceBench } from "../../../test/support/workspace-bench.ts";
import { createWorkspaces } from "./workspaces.ts";

let bench: WorkspaceBench;
let workspace: Workspace;
beforeEach(async () => {
  bench = await makeWorkspaceBench();
  workspace = await bench.create(1, "One");
});
afterEach(() => bench.close());

const git = (...args: string[]) => bench.git(args, workspace.path);
const look = () => bench.workspaces.get(workspace.id);

test("a branch created in a workspace, by whatever command, becomes its branch", async () => {
  const first = workspace.branch;
  bench.commit("a.txt", "a\n", workspace.path);
  git("switch", "--quiet", "-c", "fix/one");
  bench.commit("b.txt", "b\n", workspace.path);
  const found = await look();
  assert.deepEqual([found.branch, found.facts.checkedOut, found.facts.ahead], ["fix/one", "fix/one", 2]);
  assert.deepEqual(found.notes, [`fix/one was made in it and is its branch now, instead of ${first}.`]);

  git("branch", "-m", "fix/two");
  const renamed = await look();
  assert.equal(renamed.branch, "fix/two");
  assert.deepEqual(renamed.notes, ["fix/two was made in it and is its branch now, instead of fix/one."]);

  // Another process finds the same, and nothing is lost.
  const later = createWorkspaces(bench.parts);
  assert.equal((await later.get(workspace.id)).branch, "fix/two");
  await assert.rejects(later.remove(workspace.id, { force: false }), { message: /2 commits are neither pushed/ });
  const { kept } = await later.remove(workspace.id, { force: true });
  assert.equal(bench.git(["log", "--format=%s", "-1", kept ?? ""]), "Change b.txt");
  assert.equal(bench.git(["branch", "--list", "fix/*"]), "");
});

test("a moved folder is found by the branch created in it", async () => {
  git("switch", "--quiet", "-c", "fix/one");
  await look();
  const elsewhere = join(bench.folder, "moved");
  bench.git(["worktree", "move", workspace.path, elsewhere]);
  assert.equal((await look()).path, elsewhere);
});

test("checking out the default branch, a colleague's, an older one or none does not change a workspace's branch", async () => {
  bench.git(["branch", "old"]);
  const log = join(bench.checkout, ".git", "logs", "refs", "heads", "old");
  writeFileSync(log, readFileSync(log, "utf8").replace(/ \d{10} /, " 1000000000 "));
  makeBranch(bench.checkout, "colleague");
  bench.git(["branch", "-D", "colleague"]);
  bench.git(["switch", "--quiet", "--detach"]);
  const { notes } = workspace;
  const stays = async (checkedOut: string | null) => {
    const { branch, notes: now, facts } = await look();
    assert.deepEqual([branch, facts.checkedOut, now], [workspace.branch, checkedOut, notes]);
  };
  git("switch", "--quiet", "colleague");
  await stays("colleague");
  git("switch", "--quiet", "main");
  await stays("main");
  git("switch", "--quiet", "old");
  await stays("old");
  git("switch", "--quiet", "--detach");
  await stays(null);
});

test("a branch that leaves the workspace's own work behind is not followed", async () => {
  bench.commit("a.txt", "a\n", workspace.path);
  git("switch", "--quiet", "-c", "chore", "origin/main");
  bench.commit("b.txt", "b\n", workspace.path);
  const { branch, facts } = await look();
  assert.deepEqual([branch, facts.checkedOut], [workspace.branch, "chore"]);
});

test("another workspace's branch is not taken", async () => {
  const other = await (await bench.workspaces.create("shop", await bench.addIssue(2, "Two"))).ready;
  bench.git(["switch", "--quiet", "--detach"], other.path);
  git("switch", "--quiet", other.branch);
  assert.equal((await look()).branch, workspace.branch);
});
