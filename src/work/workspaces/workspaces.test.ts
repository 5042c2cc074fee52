import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { makeWorkspaceBench, type WorkspaceBench } from "../../../test/support/workspace-bench.ts";

let bench: WorkspaceBench;
beforeEach(async () => {
  bench = await makeWorkspaceBench();
});
afterEach(() => bench.close());

test("a workspace is a worktree on its own branch, from the freshly fetched default branch", async () => {
  const other = join(bench.folder, "other");
  bench.git(["clone", "--quiet", bench.origin, other], bench.folder);
  bench.commit("new.txt", "new\n", other);
  bench.git(["push", "--quiet"], other);
  writeFileSync(join(bench.checkout, "README.md"), "dirty\n");

  const workspace = await bench.create();
  assert.equal(workspace.state, "ready");
  assert.match(workspace.path, /\.panopticon\/workspaces\/shop\/shop-1-[0-9a-f]{8}$/);
  assert.equal(workspace.branch, "feature/shop-1-fix-the-login");
  assert.equal(workspace.base, "origin/main");
  assert.equal(bench.git(["branch", "--show-current"], workspace.path), workspace.branch);
  assert.equal(readFileSync(join(workspace.path, "new.txt"), "utf8"), "new\n");
  assert.equal(readFileSync(join(workspace.path, "README.md"), "utf8"), "# Shop\n");
  assert.equal(readFileSync(join(bench.checkout, "README.md"), "utf8"), "dirty\n");
  assert.deepEqual(
    bench.events.map((event) => (event.type === "workspace" ? `${event.state} ${event.step}` : "")),
    ["creating fetch", "creating branch", "ready null"],
  );
  const [listed] = await bench.workspaces.list();
  assert.deepEqual(listed?.facts, {
    present: true,
    trouble: null,
    dirty: [],
    ahead: 0,
    behind: 0,
    unpublished: 0,
    checkedOut: workspace.branch,
    head: bench.git(["rev-parse", "HEAD"], other),
    tip: bench.git(["rev-parse", "HEAD"], other),
  });
});

test("the repository's own ignore list is extended once", async () => {
  const file = join(bench.checkout, ".git", "info", "exclude");
  writeFileSync(file, "*.log");
  await bench.create(1, "One");
  await bench.create(2, "Two");
  assert.equal(readFileSync(file, "utf8"), "*.log\n/.panopticon/\n");
});

test("requesting it twice, even at once, returns the same workspace", async () => {
  const issue = await bench.addIssue(1, "One");
  const [first, second] = await Promise.all([
    bench.workspaces.create("shop", issue),
    bench.workspaces.create("shop", issue),
  ]);
  assert.equal(first.workspace.id, second.workspace.id);
  assert.deepEqual([first.isNew, second.isNew], [true, false]);
  await first.ready;
  const third = await bench.workspaces.create("shop", issue);
  assert.equal((await third.ready).id, first.workspace.id);
  assert.equal(third.isNew, false);
});

test("hostile names stay inside the root and out of every shell", async () => {
  const titles = [
    "$(touch hacked)",
    "`touch hacked`",
    "; touch hacked; rm -rf ~",
    "../../../etc/passwd",
    "--upload-pack=touch hacked",
    "-",
    "\n\r\u0007\u001b[31mred",
    "🚀🚀🚀",
    "日本語のタイトル",
    "a".repeat(1_000),
    ".lock",
    "@{u}",
    "refs/heads/main",
  ];
  bench.change({ setup: ['printf %s "$PANOPTICON_REF" > ref.txt', "git rev-parse --abbrev-ref HEAD >> ref.txt"] });
  for (const [index, title] of titles.entries()) {
    const workspace = await bench.create(index + 1, title);
    const root = realpathSync(join(bench.home, "workspaces"));
    assert.ok(workspace.path.startsWith(`${root}/shop/`), workspace.path);
    assert.match(workspace.branch, /^feature\/shop-\d+(?:-[a-z0-9-]+)?$/, title);
    assert.equal(readFileSync(join(workspace.path, "ref.txt"), "utf8"), `shop#${index + 1}${workspace.branch}\n`);
    for (const place of [workspace.path, bench.checkout, bench.folder, process.cwd()]) {
      assert.ok(!existsSync(join(place, "hacked")), title);
    }
  }
});

test("a root or project folder that is a link elsewhere is refused", async () => {
  const elsewhere = join(bench.folder, "elsewhere");
  mkdirSync(elsewhere);
  mkdirSync(join(bench.home, "workspaces"));
  symlinkSync(elsewhere, join(bench.home, "workspaces", "shop"));
  const issue = await bench.addIssue(1, "One");
  await assert.rejects(bench.workspaces.create("shop", issue), { code: "forbidden" });
  assert.deepEqual(await bench.workspaces.list(), []);
});

test("an impossible request is refused with what to do", async () => {
  const issue = await bench.addIssue(1, "One");
  bench.change({}, { path: null });
  await assert.rejects(bench.workspaces.create("shop", issue), { code: "unsupported", message: /no checkout/ });
  bench.change({}, { path: bench.home });
  await assert.rejects(bench.workspaces.create("shop", issue), {
    code: "invalid_input",
    message: /not a git repository/,
  });
  bench.change({}, { path: join(bench.folder, "nowhere") });
  await assert.rejects(bench.workspaces.create("shop", issue), { code: "invalid_input", message: /does not exist/ });
  await assert.rejects(bench.workspaces.create("gone", issue), { code: "not_found" });
  bench.change({ branch: "{ref}..{slug}" }, { path: bench.checkout });
  await assert.rejects(bench.workspaces.create("shop", issue), { code: "invalid_input", message: /branch/ });
  bench.change({ branch: "feature/{ref}" }, { defaultBranch: "trunk", path: bench.checkout });
  const { ready, workspace } = await bench.workspaces.create("shop", issue);
  assert.equal((await ready).base, "origin/main");
  assert.match((await bench.workspaces.get(workspace.id)).notes.join(), /no branch trunk; its default branch is main/);
});

test("someone else's folder is left alone", async () => {
  const first = await bench.create(1);
  await bench.workspaces.remove(first.id, { force: false });
  mkdirSync(first.path);
  writeFileSync(join(first.path, "mine.txt"), "mine\n");
  const second = await bench.create(1);
  assert.equal(second.path, `${first.path}-2`);
  assert.equal(readFileSync(join(first.path, "mine.txt"), "utf8"), "mine\n");
});

test("moved, deleted and forgotten folders are found or created again", async () => {
  const issue = await bench.addIssue(1, "One");
  const { ready } = await bench.workspaces.create("shop", issue);
  const { id, path } = await ready;
  bench.commit("a.txt", "a\n", path);

  const moved = join(bench.folder, "moved");
  bench.git(["worktree", "move", path, moved]);
  assert.deepEqual(await bench.workspaces.get(id).then(({ path: now, facts }) => [now, facts.present, facts.ahead]), [
    moved,
    true,
    1,
  ]);
  assert.equal((await (await bench.workspaces.create("shop", issue)).ready).path, moved);
  bench.git(["worktree", "move", moved, path]);
  await bench.workspaces.get(id);

  rmSync(path, { recursive: true });
  assert.deepEqual(await bench.workspaces.get(id).then(({ facts }) => [facts.present, facts.unpublished]), [false, 1]);
  await assert.rejects(bench.workspaces.remove(id, { force: false }), { message: /one commit is neither/ });
  await (
    await bench.workspaces.create("shop", issue)
  ).ready;
  assert.equal(readFileSync(join(path, "a.txt"), "utf8"), "a\n");

  writeFileSync(join(path, "unsaved.txt"), "unsaved\n");
  renameSync(path, `${path}.away`);
  bench.git(["worktree", "prune"]);
  renameSync(`${path}.away`, path);
  assert.equal((await bench.workspaces.get(id)).facts.present, false);
  await (
    await bench.workspaces.create("shop", issue)
  ).ready;
  const found = await bench.workspaces.get(id);
  assert.deepEqual(found.facts.dirty, ["unsaved.txt"]);
  bench.git(["mv", "a.txt", "b and c.txt"], path);
  writeFileSync(join(path, "README.md"), "Changed.\n");
  assert.deepEqual((await bench.workspaces.get(id)).facts.dirty, ["README.md", "b and c.txt", "unsaved.txt"]);
  assert.equal(bench.git(["log", "-1", "--format=%s"], path), "Change a.txt");
});

test("a renamed issue keeps its workspace", async () => {
  const workspace = await bench.create(1, "Before");
  const issue = await bench.addIssue(1, "After");
  const again = await bench.workspaces.create("shop", issue);
  assert.equal((await again.ready).path, workspace.path);
  assert.equal(again.workspace.issue.title, "After");
});
