import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { eventually } from "../../../test/support/stage.ts";
import type { Workspace } from "../../domain/workspace.ts";
import { makeWorkspaceBench, type WorkspaceBench } from "../../../test/support/workspace-bench.ts";

let bench: WorkspaceBench;
let workspace: Workspace;
beforeEach(async () => {
  bench = await makeWorkspaceBench();
  workspace = await bench.create(1, "One");
});
afterEach(() => bench.close());

const refused = (message: RegExp, hint = /--force/) =>
  assert.rejects(bench.workspaces.remove(workspace.id, { force: false }), { code: "conflict", message, hint });

function saveFile(): string {
  const file = join(workspace.path, "unsaved.txt");
  writeFileSync(file, "unsaved\n");
  return file;
}

test("removing loses nothing unless it is forced", async () => {
  writeFileSync(join(workspace.path, "a.txt"), "a\n");
  await refused(/a\.txt is not committed/);
  writeFileSync(join(workspace.path, "b.txt"), "b\n");
  await refused(/a\.txt and 1 more are not committed/);
  rmSync(join(workspace.path, "b.txt"));
  bench.commit("a.txt", "a\n", workspace.path);
  await refused(/one commit is neither pushed nor merged/);
  bench.git(["push", "--quiet", "origin", "HEAD"], workspace.path);
  await bench.workspaces.remove(workspace.id, { force: false });
  assert.ok(!existsSync(workspace.path));
  assert.equal(bench.git(["branch", "--list", workspace.branch]), "");
  assert.deepEqual(await bench.workspaces.list(), []);

  const second = await bench.create(2, "Two");
  bench.commit("c.txt", "c\n", second.path);
  const head = bench.git(["rev-parse", "HEAD"], second.path);
  const { kept } = await bench.workspaces.remove(second.id, { force: true });
  assert.equal(bench.git(["rev-parse", kept ?? ""]), head);
});

test("a branch that was in use elsewhere, so that there was never a workspace on it, stays", async () => {
  const { branch } = workspace;
  await bench.workspaces.remove(workspace.id, { force: false });
  bench.git(["switch", "--quiet", "-c", branch]);
  await assert.rejects(bench.create(1, "One"), /is checked out in/);
  bench.git(["switch", "--quiet", "main"]);
  const [failed = assert.fail()] = await bench.workspaces.list();
  assert.deepEqual([failed.state, failed.branch], ["failed", branch]);
  await bench.workspaces.remove(failed.id, { force: true });
  assert.deepEqual(await bench.workspaces.list(), []);
  assert.equal(bench.git(["branch", "--list", "--format=%(refname:short)", branch]), branch);
});

test("an existing branch is used, and says how far ahead it is", async () => {
  const { branch } = workspace;
  await bench.workspaces.remove(workspace.id, { force: false });
  bench.git(["switch", "--quiet", "-c", branch]);
  for (const [commits, says] of [
    ["1 commit", /already exists, with 1 commit\./],
    ["2 commits", /already exists, with 2 commits\./],
  ] as const) {
    bench.commit(`${commits}.txt`, "x\n");
    bench.git(["switch", "--quiet", "main"]);
    const { id, notes } = await bench.create(1, "One");
    assert.match(notes.join(" "), says);
    bench.git(["branch", "kept", branch]);
    await bench.workspaces.remove(id, { force: true });
    bench.git(["branch", "--move", "kept", branch]);
    bench.git(["switch", "--quiet", branch]);
  }
});

test("a renamed file is one change, whatever its previous name", async () => {
  bench.commit("1 odd name.txt", "long enough to be known again\n", workspace.path);
  bench.git(["push", "--quiet", "origin", "HEAD"], workspace.path);
  bench.git(["mv", "1 odd name.txt", "another odd name.txt"], workspace.path);
  assert.deepEqual((await bench.workspaces.get(workspace.id)).facts.dirty, ["another odd name.txt"]);
});

test("a squashed request counts as merged", async () => {
  bench.commit("a.txt", "a\n", workspace.path);
  const commit = bench.git(["rev-parse", "HEAD"], workspace.path);
  const request = { url: "https://git.test/pull/1", name: "#1", number: 1, state: "merged", commit } as const;
  await bench.store.work.workspaces.update(workspace.id, { request });
  await bench.workspaces.remove(workspace.id, { force: false });
});

test("before_remove runs, and its failure stops nothing", async () => {
  bench.change({ beforeRemove: [`echo "$PANOPTICON_BRANCH" > ${join(bench.folder, "said")}`, "exit 1"] });
  await bench.workspaces.remove(workspace.id, { force: false });
  assert.equal(readFileSync(join(bench.folder, "said"), "utf8"), `${workspace.branch}\n`);
});

test("what before_remove commits can still be found, and what it leaves behind keeps the workspace", async () => {
  saveFile();
  bench.change({
    beforeRemove: ["git add --all && git commit --quiet --message saved || true", "echo left > left.txt"],
  });
  await refused(/unsaved\.txt is not committed/);
  bench.commit("unsaved.txt", "unsaved\n", workspace.path);
  bench.git(["push", "--quiet", "origin", "HEAD"], workspace.path);
  await refused(/left\.txt is not committed/);
  assert.equal((await bench.workspaces.get(workspace.id)).state, "ready");
  assert.ok(existsSync(join(workspace.path, "left.txt")));

  const { kept } = await bench.workspaces.remove(workspace.id, { force: true });
  assert.ok(!existsSync(workspace.path));
  assert.equal(bench.git(["show", `${kept}:left.txt`]), "left");
});

test("a folder that git does not know any more keeps its contents", async () => {
  const file = saveFile();
  renameSync(workspace.path, `${workspace.path}.away`);
  bench.git(["worktree", "prune"]);
  renameSync(`${workspace.path}.away`, workspace.path);
  await refused(/git does not know its folder any more/, /Turn it into a worktree again: pan workspace create shop#1/);
  assert.equal(readFileSync(file, "utf8"), "unsaved\n");
  await bench.workspaces.remove(workspace.id, { force: true });
  assert.ok(!existsSync(workspace.path));
});

test("a folder that lost its .git keeps its contents", async () => {
  const file = saveFile();
  rmSync(join(workspace.path, ".git"));
  await refused(/git does not know its folder any more/);
  assert.equal(readFileSync(file, "utf8"), "unsaved\n");
});

test("a moved checkout keeps its workspaces, and they follow it", async () => {
  const file = saveFile();
  bench.commit("a.txt", "a\n", workspace.path);
  const elsewhere = join(bench.folder, "elsewhere");
  renameSync(bench.checkout, elsewhere);
  await refused(/its checkout .*checkout is not there/, /Set path: of shop in projects\.yaml/);
  assert.equal(readFileSync(file, "utf8"), "unsaved\n");

  bench.change({}, { path: elsewhere });
  const found = await bench.workspaces.get(workspace.id);
  assert.equal(found.repository, elsewhere);
  assert.deepEqual([found.facts.present, found.facts.dirty, found.facts.unpublished], [true, ["unsaved.txt"], 1]);
  assert.equal(bench.git(["log", "-1", "--format=%s"], workspace.path), "Change a.txt");
  await refused(/unsaved\.txt is not committed; one commit is neither/);
});

test("commits count on the branch they were left on, wherever HEAD is now", async () => {
  bench.commit("a.txt", "a\n", workspace.path);
  const left = bench.git(["rev-parse", "HEAD"], workspace.path);
  bench.git(["checkout", "--quiet", "--detach", "origin/main"], workspace.path);
  await refused(/one commit is neither pushed nor merged/);
  bench.commit("b.txt", "b\n", workspace.path);
  const detached = bench.git(["rev-parse", "HEAD"], workspace.path);
  await refused(/2 commits are neither pushed nor merged/);
  const { kept } = await bench.workspaces.remove(workspace.id, { force: true });
  assert.equal(bench.git(["rev-parse", `${kept}`]), left);
  assert.equal(bench.git(["rev-parse", `${kept}-head`]), detached);
});

test("commits that exist only in a submodule count", async () => {
  const library = join(bench.folder, "library.git");
  bench.git(["clone", "--quiet", "--bare", bench.origin, library], bench.folder);
  const allowed = ["-c", "protocol.file.allow=always"];
  bench.git([...allowed, "submodule", "--quiet", "add", library, "library"]);
  bench.git(["commit", "--quiet", "-m", "Add library"]);
  bench.git(["push", "--quiet"]);
  workspace = await (await bench.workspaces.create("shop", await bench.addIssue(2, "Two"))).ready;
  bench.git([...allowed, "submodule", "--quiet", "update", "--init"], workspace.path);
  assert.equal((await bench.workspaces.get(workspace.id)).facts.unpublished, 0);

  const inside = join(workspace.path, "library");
  bench.git(["config", "diff.ignoreSubmodules", "all"]);
  bench.commit("c.txt", "c\n", inside);
  await refused(/library is not committed/);
  bench.git(["config", "--unset", "diff.ignoreSubmodules"]);
  bench.git(["add", "library"], workspace.path);
  bench.git(["commit", "--quiet", "-m", "Use it"], workspace.path);
  bench.git(["push", "--quiet", "origin", "HEAD"], workspace.path);
  await refused(/one commit is neither pushed nor merged/);
  // A submodule that git cannot read may contain some.
  const store = bench.git(["rev-parse", "--absolute-git-dir"], inside);
  renameSync(join(store, "HEAD"), join(store, "HEAD.away"));
  await refused(/not removed/);
  renameSync(join(store, "HEAD.away"), join(store, "HEAD"));
  bench.git(["push", "--quiet", "origin", "HEAD:refs/heads/new"], inside);
  await bench.workspaces.remove(workspace.id, { force: false });
  assert.ok(!existsSync(workspace.path));
});

test("a locked folder is not removed", async () => {
  bench.git(["worktree", "lock", "--reason", "on a stick", workspace.path]);
  await refused(/somebody locked it \(on a stick\)/);
  await bench.workspaces.remove(workspace.id, { force: true });
  assert.ok(!existsSync(workspace.path));
});

test("a failed removal is reported, and can be tried again", async () => {
  const git = join(bench.checkout, ".git");
  bench.change({ beforeRemove: [`[ -e "${git}" ] && mv "${git}" "${git}-away"`] });
  await assert.rejects(bench.workspaces.remove(workspace.id, { force: false }), {
    code: "conflict",
    message: /could not be removed: git .* failed: not a git repository/,
  });
  const [failed] = await bench.workspaces.list();
  assert.equal(failed?.state, "failed");
  assert.match(failed?.problem ?? "", /^It could not be removed: /);
  renameSync(`${git}-away`, git);
  bench.change({ beforeRemove: [] });
  await bench.workspaces.remove(workspace.id, { force: false });
  assert.deepEqual(await bench.workspaces.list(), []);
});

test("a branch that was renamed or deleted elsewhere does not lose its commits", async () => {
  bench.commit("a.txt", "a\n", workspace.path);
  bench.git(["branch", "-m", workspace.branch, "mine"]);
  await refused(/one commit is neither pushed nor merged/);
  const { kept } = await bench.workspaces.remove(workspace.id, { force: true });
  assert.equal(bench.git(["log", "-1", "--format=%s", kept ?? ""]), "Change a.txt");
  workspace = await (await bench.workspaces.create("shop", await bench.addIssue(2, "Two"))).ready;
  mkdirSync(join(workspace.path, "empty"));
  await bench.workspaces.remove(workspace.id, { force: false });
});

test("a request for a workspace while it is being removed gets a new one", async () => {
  const [began, go] = [join(bench.folder, "began"), join(bench.folder, "go")];
  bench.change({ beforeRemove: [`touch ${began}; until test -e ${go}; do sleep 0.05; done`] });
  const removed = bench.workspaces.remove(workspace.id, { force: false });
  await eventually(() => (existsSync(began) ? true : undefined), "it is being removed");
  const again = bench.workspaces.create("shop", await bench.addIssue(1, "One"));
  writeFileSync(go, "");
  await removed;
  const { workspace: next, isNew, ready: made } = await again;
  assert.equal((await made).state, "ready");
  assert.deepEqual([isNew, next.id === workspace.id], [true, false]);
  assert.deepEqual(
    (await bench.workspaces.list()).map(({ id, facts }) => [id, facts.present]),
    [[next.id, true]],
  );
});

test("a folder that became a link elsewhere is not cleared through it", async () => {
  const folder = dirname(workspace.path);
  // Its name starts like that of the folder which contains the workspaces.
  const elsewhere = `${dirname(folder)}-elsewhere`;
  renameSync(folder, elsewhere);
  bench.git(["worktree", "prune"]);
  symlinkSync(elsewhere, folder);
  const kept = join(elsewhere, basename(workspace.path), "README.md");
  await assert.rejects(bench.workspaces.remove(workspace.id, { force: true }), { message: /lies outside/ });
  assert.ok(existsSync(kept));
  assert.equal((await bench.workspaces.get(workspace.id)).state, "failed");
});

test("a workspace is not created again through a link elsewhere", async () => {
  const folder = dirname(workspace.path);
  const elsewhere = join(bench.folder, "elsewhere");
  rmSync(folder, { recursive: true });
  mkdirSync(elsewhere);
  symlinkSync(elsewhere, folder);
  const { ready } = await bench.workspaces.create("shop", await bench.addIssue(1, "One"));
  await assert.rejects(ready, { code: "forbidden" });
  assert.deepEqual(readdirSync(elsewhere), []);
});

test("a hanging before_remove is ended after its timeout", async () => {
  bench.change({ beforeRemove: ["echo waits; sleep 600"], timeoutMs: 300 });
  await bench.workspaces.remove(workspace.id, { force: false });
  assert.deepEqual(await bench.workspaces.list(), []);
});
