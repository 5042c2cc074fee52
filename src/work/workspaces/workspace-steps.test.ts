import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { eventually } from "../../../test/support/stage.ts";
import { makeWorkspaceBench, type WorkspaceBench } from "../../../test/support/workspace-bench.ts";
import { createWorkspaces } from "./workspaces.ts";

// The steps that create a workspace: copying, commands, failures and how they are continued.

let bench: WorkspaceBench;
beforeEach(async () => {
  bench = await makeWorkspaceBench();
});
afterEach(() => bench.close());

test("files are copied and commands run, without trackers' keys in their environment", async () => {
  writeFileSync(join(bench.checkout, ".env.local"), "A=1\n");
  mkdirSync(join(bench.checkout, "config"));
  writeFileSync(join(bench.checkout, "config", "a.local.json"), "{}");
  bench.change({
    copy: [".env.local", "config/*.local.json", "missing.txt", ".git/config"],
    setup: ["echo hello from setup", "env | grep -c GITHUB_TOKEN || true"],
  });
  Object.assign(bench.parts.env, { GITHUB_TOKEN: "secret-token" });
  const workspace = await bench.create();
  assert.equal(readFileSync(join(workspace.path, ".env.local"), "utf8"), "A=1\n");
  assert.equal(readFileSync(join(workspace.path, "config", "a.local.json"), "utf8"), "{}");
  const log = bench.logOf(workspace);
  assert.match(log, /\$ echo hello from setup\nhello from setup\n/);
  assert.match(log, /missing\.txt: not in the checkout/);
  assert.match(log, /\$ env \| grep -c GITHUB_TOKEN \|\| true\n0\n/);
  // An untracked file that is an unchanged copy is not work.
  assert.deepEqual((await bench.workspaces.get(workspace.id)).facts.dirty, []);
  writeFileSync(join(workspace.path, "config", "a.local.json"), "{ }");
  assert.deepEqual((await bench.workspaces.get(workspace.id)).facts.dirty, ["config/a.local.json"]);
});

test("nothing is copied from outside the checkout, through a link out of the workspace, or over existing files", async () => {
  const outside = join(bench.folder, "outside");
  mkdirSync(outside);
  writeFileSync(join(bench.folder, "beside.txt"), "beside\n");
  symlinkSync(outside, join(bench.checkout, "linked"));
  bench.git(["add", "linked"]);
  bench.git(["commit", "--quiet", "--message", "Link"]);
  bench.git(["push", "--quiet"]);
  rmSync(join(bench.checkout, "linked"));
  mkdirSync(join(bench.checkout, "linked"));
  writeFileSync(join(bench.checkout, "linked", "mine.txt"), "mine\n");
  writeFileSync(join(bench.checkout, "README.md"), "# Not committed\n");
  bench.change({ copy: ["../beside.txt", "../*.txt", "linked/mine.txt", "README.md"] });
  const workspace = await bench.create();
  assert.deepEqual(readdirSync(dirname(workspace.path)), [basename(workspace.path)]);
  assert.deepEqual(readdirSync(outside), []);
  assert.equal(readFileSync(join(workspace.path, "README.md"), "utf8"), "# Shop\n");
  const log = bench.logOf(workspace);
  for (const pattern of ["../beside.txt", "../*.txt"]) assert.ok(log.includes(`${pattern}: not in the checkout`));
  assert.match(log, /linked\/mine\.txt: its folder is a link out of the workspace, so not copied/);
  assert.match(log, /README\.md: is there already/);
});

test("a filter whose program is missing is named, and once it is installed the workspace is continued", async () => {
  bench.commit(".gitattributes", "*.bin filter=lfs\n");
  bench.commit("a.bin", "a\n");
  bench.git(["push", "--quiet"]);
  bench.git(["config", "filter.lfs.smudge", "git-lfs-that-is-not-here smudge -- %f"]);
  bench.git(["config", "filter.lfs.required", "true"]);
  const issue = await bench.addIssue(1, "One");
  const { ready, workspace } = await bench.workspaces.create("shop", issue);
  await assert.rejects(ready, { message: /needs git-lfs-that-is-not-here, which is not installed/ });
  assert.match((await bench.workspaces.get(workspace.id)).problem ?? "", /git-lfs-that-is-not-here/);
  bench.git(["config", "filter.lfs.smudge", "cat"]);
  const made = await (await bench.workspaces.create("shop", issue)).ready;
  assert.equal(readFileSync(join(made.path, "a.bin"), "utf8"), "a\n");
});

test("a failed step leaves a workspace that can be continued", async () => {
  bench.change({ setup: ["echo one >> ran.txt", "echo broken >&2; exit 3", "echo three >> ran.txt"] });
  const issue = await bench.addIssue(1, "One");
  const { ready, workspace } = await bench.workspaces.create("shop", issue);
  await assert.rejects(ready, { message: /exit code 3: broken/ });
  const failed = await bench.workspaces.get(workspace.id);
  assert.deepEqual([failed.state, failed.step], ["failed", "setup"]);
  assert.match(failed.problem ?? "", /exit code 3: broken/);
  assert.match(bench.logOf(failed), /broken\n\(failed with exit code 3\)/);
  writeFileSync(join(failed.path, "work.txt"), "kept\n");
  bench.change({ setup: ["echo three >> ran.txt"] });
  const again = await bench.workspaces.create("shop", issue);
  assert.equal((await again.ready).state, "ready");
  assert.equal(readFileSync(join(failed.path, "ran.txt"), "utf8"), "one\nthree\n");
  assert.equal(readFileSync(join(failed.path, "work.txt"), "utf8"), "kept\n");
});

test("a hanging command is ended with all its processes", async () => {
  bench.change({ setup: ["sleep 60 & echo $! > pid; sleep 60"], timeoutMs: 300 });
  const { ready, workspace } = await bench.workspaces.create("shop", await bench.addIssue(1, "One"));
  await assert.rejects(ready, { code: "timeout" });
  const pid = Number(readFileSync(join(workspace.path, "pid"), "utf8"));
  assert.ok(!isAlive(pid));
});

test("a creation interrupted by a kill is continued", async () => {
  const issue = await bench.addIssue(1, "One");
  bench.change({ setup: [`touch ${join(bench.folder, "began")}; test -e ${join(bench.folder, "go")} || sleep 60`] });
  const { workspace, ready } = await bench.workspaces.create("shop", issue);
  const began = join(bench.folder, "began");
  await Promise.race([ready, eventually(() => (existsSync(began) ? true : undefined), "setup began")]);
  // As after kill -9: nothing records how it ended.
  const later = createWorkspaces(bench.parts);
  await later.recover();
  const found = await later.get(workspace.id);
  assert.deepEqual([found.state, found.step], ["failed", "setup"]);
  assert.match(found.problem ?? "", /create it again/);
  await bench.workspaces.stop();
  writeFileSync(join(bench.folder, "go"), "");
  assert.equal((await (await later.create("shop", issue)).ready).state, "ready");
});

/** A zombie has ended, but its parent has not read its exit. */
function isAlive(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && !/^\d+ \(.*\) Z/s.test(readFileSync(file, "utf8"));
}
