import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { eventually } from "../../../test/support/stage.ts";
import { makeWorkspaceBench, type WorkspaceBench } from "../../../test/support/workspace-bench.ts";

// Workspaces that are removed, deleted, or whose git is killed, while they are being created.

let bench: WorkspaceBench;
/** A hanging program writes its process group here. */
let hanging: string;
beforeEach(async () => {
  bench = await makeWorkspaceBench();
  hanging = join(bench.folder, "hanging");
});
afterEach(() => bench.close());

/** A program that writes its process group and never ends, until `go` exists. */
function makeHang(): string {
  const file = join(bench.folder, "hang.sh");
  const group = `sed 's/.*) . [0-9]* \\([0-9]*\\) .*/\\1/' /proc/$$/stat > ${hanging}.tmp && mv ${hanging}.tmp ${hanging}`;
  writeFileSync(file, `#!/bin/sh\ntest -e ${join(bench.folder, "go")} || { ${group}; sleep 600; }\n`);
  chmodSync(file, 0o755);
  return file;
}

const letGo = () => writeFileSync(join(bench.folder, "go"), "");

const untilItHangs = () =>
  eventually(() => (existsSync(hanging) ? Number(readFileSync(hanging, "utf8")) : undefined), "it hangs");

/** A zombie has ended, but its parent has not read its exit. */
function isGone(group: number): boolean {
  try {
    process.kill(-group, 0);
    return /^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${group}/stat`, "utf8"));
  } catch {
    return true;
  }
}

/** Makes the checkout of any file hang. */
function hangAtFiles(): void {
  bench.commit(".gitattributes", "*.big filter=slow\n");
  bench.commit("a.big", "a\n");
  bench.commit("b.txt", "b\n");
  bench.git(["push", "--quiet"]);
  bench.git(["config", "filter.slow.smudge", `${makeHang()}; cat`]);
}

const hangs: Readonly<Record<string, () => void>> = {
  fetch: () => void bench.git(["config", "remote.origin.uploadpack", `${makeHang()}; git-upload-pack`]),
  branch: hangAtFiles,
  setup: () => bench.change({ setup: ["echo begun > begun.txt", makeHang()] }),
};

for (const [step, hang] of Object.entries(hangs)) {
  test(`a creation is interrupted and removed: at ${step}`, async () => {
    hang();
    const issue = await bench.addIssue(1, "One");
    const { workspace, ready } = await bench.workspaces.create("shop", issue);
    const group = await untilItHangs();
    assert.equal((await bench.workspaces.get(workspace.id)).step, step);
    const broken = assert.rejects(ready, { code: "conflict", message: /Interrupted: the workspace is being removed/ });
    // The files of setup are not work yet, but that is unknown.
    await bench.workspaces.remove(workspace.id, { force: step === "setup" });
    await broken;
    assert.ok(isGone(group));
    assert.deepEqual(await bench.workspaces.list(), []);
    assert.ok(!existsSync(workspace.path));
    assert.equal(bench.git(["branch", "--list", workspace.branch]), "");
    assert.equal(bench.git(["worktree", "list", "--porcelain"]).split("\n\n").length, 1);

    letGo();
    const again = await (await bench.workspaces.create("shop", issue)).ready;
    assert.deepEqual([again.state, again.path, again.notes], ["ready", workspace.path, []]);
  });
}

test("commits of an existing branch keep a creation from being interrupted", async () => {
  const first = await bench.create(1, "One");
  bench.commit("kept.txt", "kept\n", first.path);
  bench.git(["worktree", "remove", "--force", first.path]);
  bench.change({ setup: [makeHang()] });
  const { ready } = await bench.workspaces.create(
    "shop",
    first.issue as { issueId: number; ref: string; title: string },
  );
  const group = await untilItHangs();
  await assert.rejects(bench.workspaces.remove(first.id, { force: false }), {
    code: "conflict",
    message: /one commit is neither pushed nor merged/,
  });
  assert.ok(!isGone(group));
  assert.equal((await bench.workspaces.get(first.id)).state, "creating");
  const broken = assert.rejects(ready, { message: /Interrupted/ });
  const { kept } = await bench.workspaces.remove(first.id, { force: true });
  await broken;
  assert.equal(bench.git(["show", `${kept}:kept.txt`]), "kept");
});

test("files added by a user keep an interrupted creation from being removed", async () => {
  bench.change({ setup: ["exit 1"] });
  const issue = await bench.addIssue(1, "One");
  const begun = await bench.workspaces.create("shop", issue);
  await assert.rejects(begun.ready);
  writeFileSync(join(begun.workspace.path, "mine.txt"), "mine\n");
  const ran = join(bench.folder, "before_remove");
  bench.change({ setup: [makeHang()], beforeRemove: [`touch ${ran}`] });
  const { workspace, ready } = await bench.workspaces.create("shop", issue);
  await untilItHangs();
  const broken = assert.rejects(ready, { message: /Interrupted/ });
  await assert.rejects(bench.workspaces.remove(workspace.id, { force: false }), {
    code: "conflict",
    message: /mine\.txt is not committed/,
  });
  await broken;
  assert.equal((await bench.workspaces.get(workspace.id)).state, "failed");
  assert.equal(readFileSync(join(workspace.path, "mine.txt"), "utf8"), "mine\n");
  assert.ok(!existsSync(ran));
});

test("a folder that is deleted while its setup runs does not become ready", async () => {
  const gone = join(bench.folder, "gone");
  bench.change({ setup: [`touch ${hanging}; until test -e ${gone}; do sleep 0.05; done`] });
  const issue = await bench.addIssue(1, "One");
  const { workspace, ready } = await bench.workspaces.create("shop", issue);
  const failed = assert.rejects(ready, { code: "conflict", message: /disappeared while it was being created/ });
  await eventually(() => (existsSync(hanging) ? true : undefined), "setup runs");
  rmSync(workspace.path, { recursive: true });
  writeFileSync(gone, "");
  await failed;
  assert.equal((await bench.workspaces.get(workspace.id)).state, "failed");
  assert.equal((await (await bench.workspaces.create("shop", issue)).ready).state, "ready");
  assert.equal(readFileSync(join(workspace.path, "README.md"), "utf8"), "# Shop\n");
});

test("a killed creation is continued: every file is there, and nothing is locked", async () => {
  hangAtFiles();
  const issue = await bench.addIssue(1, "One");
  const { workspace, ready } = await bench.workspaces.create("shop", issue);
  const failed = assert.rejects(ready, { message: /git worktree failed/ });
  process.kill(-(await untilItHangs()), "SIGKILL");
  await failed;
  assert.match(bench.git(["worktree", "list", "--porcelain"]), /^locked initializing$/m);
  mkdirSync(join(workspace.path, "own"));
  writeFileSync(join(workspace.path, "own", "mine.txt"), "mine\n");
  letGo();
  const made = await (await bench.workspaces.create("shop", issue)).ready;
  assert.equal(made.path, workspace.path);
  assert.equal(bench.git(["status", "--porcelain"], made.path), "?? own/");
  assert.deepEqual(
    ["a.big", "b.txt"].map((file) => readFileSync(join(made.path, file), "utf8")),
    ["a\n", "b\n"],
  );
  assert.doesNotMatch(bench.git(["worktree", "list", "--porcelain"]), /^locked/m);
  bench.commit("c.txt", "c\n", made.path);
});

test("a killed creation does not count as changed, and is removed by force or completed", async () => {
  hangAtFiles();
  const { workspace, ready } = await bench.workspaces.create("shop", await bench.addIssue(1, "One"));
  const failed = assert.rejects(ready);
  process.kill(-(await untilItHangs()), "SIGKILL");
  await failed;
  await assert.rejects(bench.workspaces.remove(workspace.id, { force: false }), {
    message: /not removed: git was cut off while it wrote its files\.$/,
    hint: /^Repair it: pan workspace create shop#1\./,
  });
  await bench.workspaces.remove(workspace.id, { force: true });
  assert.ok(!existsSync(workspace.path));
});

test("a stop at fetch leaves a creation to continue, and nothing that starts from old commits", async () => {
  hangs["fetch"]?.();
  const { workspace, ready } = await bench.workspaces.create("shop", await bench.addIssue(1, "One"));
  const failed = assert.rejects(ready, { message: /Panopticon was stopped while creating it/ });
  const group = await untilItHangs();
  await bench.workspaces.stop();
  await failed;
  assert.ok(isGone(group));
  const left = await bench.workspaces.get(workspace.id);
  assert.deepEqual([left.state, left.step, left.facts.present], ["failed", "fetch", false]);
  assert.match(left.problem ?? "", /create it again/);
});
