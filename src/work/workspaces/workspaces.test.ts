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
import { makeWorkbench, type Workbench } from "../../../test/support/workbench.ts";
import type { Workspace } from "../../domain/workspace.ts";
import { createWorkspaces, type Workspaces } from "./workspaces.ts";

let bench: Workbench;
let workspaces: Workspaces;
beforeEach(async () => {
  bench = await makeWorkbench();
  workspaces = createWorkspaces(bench.parts);
});
afterEach(async () => {
  await workspaces.stop();
  await bench.close();
});

async function create(number = 1, title = "Fix the login"): Promise<Workspace> {
  const { ready } = await workspaces.create("shop", await bench.addIssue(number, title));
  return ready;
}

const logOf = ({ id }: Workspace) => workspaces.log(id, 0).text;

test("a workspace is a worktree on a branch of its own, from the freshly fetched default branch", async () => {
  const other = join(bench.folder, "other");
  bench.git(["clone", "--quiet", bench.origin, other], bench.folder);
  bench.commit("new.txt", "new\n", other);
  bench.git(["push", "--quiet"], other);
  writeFileSync(join(bench.checkout, "README.md"), "dirty\n");

  const workspace = await create();
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
  const [listed] = await workspaces.list();
  assert.deepEqual(listed?.facts, {
    present: true,
    dirty: [],
    ahead: 0,
    behind: 0,
    unpublished: 0,
    checkedOut: workspace.branch,
    head: bench.git(["rev-parse", "HEAD"], other),
    tip: bench.git(["rev-parse", "HEAD"], other),
  });
});

test("asking twice, or twice at once, gives the same workspace", async () => {
  const issue = await bench.addIssue(1, "One");
  const [first, second] = await Promise.all([workspaces.create("shop", issue), workspaces.create("shop", issue)]);
  assert.equal(first.workspace.id, second.workspace.id);
  assert.deepEqual([first.isNew, second.isNew], [true, false]);
  await first.ready;
  const third = await workspaces.create("shop", issue);
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
    const workspace = await create(index + 1, title);
    const root = realpathSync(join(bench.home, "workspaces"));
    assert.ok(workspace.path.startsWith(`${root}/shop/`), workspace.path);
    assert.match(workspace.branch, /^feature\/shop-\d+(?:-[a-z0-9-]+)?$/, title);
    assert.equal(readFileSync(join(workspace.path, "ref.txt"), "utf8"), `shop#${index + 1}${workspace.branch}\n`);
    for (const place of [workspace.path, bench.checkout, bench.folder, process.cwd()]) {
      assert.ok(!existsSync(join(place, "hacked")), title);
    }
  }
});

test("a root or a project's folder that is a link elsewhere is refused", async () => {
  const elsewhere = join(bench.folder, "elsewhere");
  mkdirSync(elsewhere);
  mkdirSync(join(bench.home, "workspaces"));
  symlinkSync(elsewhere, join(bench.home, "workspaces", "shop"));
  const issue = await bench.addIssue(1, "One");
  await assert.rejects(workspaces.create("shop", issue), { code: "forbidden" });
  assert.deepEqual(await workspaces.list(), []);
});

test("what cannot be says what to do", async () => {
  const issue = await bench.addIssue(1, "One");
  bench.change({}, { path: null });
  await assert.rejects(workspaces.create("shop", issue), { code: "unsupported", message: /no checkout/ });
  bench.change({}, { path: bench.home });
  await assert.rejects(workspaces.create("shop", issue), { code: "invalid_input", message: /not a git repository/ });
  bench.change({}, { path: join(bench.folder, "nowhere") });
  await assert.rejects(workspaces.create("shop", issue), { code: "invalid_input", message: /is not there/ });
  await assert.rejects(workspaces.create("gone", issue), { code: "not_found" });
  bench.change({ branch: "{ref}..{slug}" }, { path: bench.checkout });
  await assert.rejects(workspaces.create("shop", issue), { code: "invalid_input", message: /branch/ });
  bench.change({ branch: "feature/{ref}" }, { defaultBranch: "trunk", path: bench.checkout });
  const { ready, workspace } = await workspaces.create("shop", issue);
  assert.equal((await ready).base, "origin/main");
  assert.match((await workspaces.get(workspace.id)).notes.join(), /no branch trunk; its default branch is main/);
});

test("offline it begins from what was fetched last, and says so", async () => {
  renameSync(bench.origin, `${bench.origin}.away`);
  const workspace = await create();
  assert.equal(workspace.state, "ready");
  assert.match(workspace.notes.join(), /origin could not be asked/);
  assert.match(logOf(workspace), /origin could not be asked/);
});

test("without a remote it begins from the local branch", async () => {
  bench.git(["remote", "remove", "origin"]);
  const workspace = await create();
  assert.equal(workspace.base, "main");
  assert.deepEqual(workspace.notes, []);
  bench.commit("a.txt", "a\n", workspace.path);
  await assert.rejects(workspaces.remove(workspace.id, { force: false }), { message: /one commit is neither/ });
});

test("branches that are there already are gone on with, or gone round", async () => {
  bench.git(["branch", "feature/shop-1-mine"]);
  const kept = await create(1, "Mine");
  assert.equal(kept.branch, "feature/shop-1-mine");

  bench.git(["checkout", "--quiet", "-b", "feature/shop-2-held"]);
  const { ready, workspace } = await workspaces.create("shop", await bench.addIssue(2, "Held"));
  await assert.rejects(ready, { code: "conflict", message: new RegExp(`checked out in ${bench.checkout}`) });
  assert.equal((await workspaces.get(workspace.id)).state, "failed");
  bench.git(["checkout", "--quiet", "main"]);
  const again = await workspaces.create("shop", await bench.addIssue(2, "Held"));
  assert.equal((await again.ready).state, "ready");

  bench.git(["push", "--quiet", "origin", "main:refs/heads/feature/shop-3-there"]);
  bench.git(["fetch", "--quiet"]);
  assert.match((await create(3, "There")).notes.join(), /goes on with it/);

  bench.change({ branch: "top/{ref}" });
  bench.git(["branch", "top"]);
  assert.equal((await create(4, "Below")).branch, "top-shop-4");
});

test("a workspace whose branch another one has fails alone: both are listed, gone on with and removed", async () => {
  bench.change({ branch: "fixed" });
  const first = await create(1);
  const second = await workspaces.create("shop", await bench.addIssue(2, "Two"));
  const held = { code: "conflict", message: /the workspace of shop#1/ };
  await assert.rejects(second.ready, held);
  const listed = await workspaces.list();
  assert.deepEqual(
    listed.map(({ issue, path, state }) => [issue.ref, path, state]),
    [
      ["shop#2", second.workspace.path, "failed"],
      ["shop#1", first.path, "ready"],
    ],
  );
  await assert.rejects((await workspaces.create("shop", await bench.addIssue(2, "Two"))).ready, held);

  const moved = join(bench.folder, "moved");
  bench.git(["worktree", "move", first.path, moved]);
  assert.deepEqual(
    (await workspaces.list()).map(({ path }) => path),
    [second.workspace.path, moved],
  );

  await workspaces.remove(second.workspace.id, { force: true });
  assert.equal(bench.git(["branch", "--show-current"], moved), "fixed");
  await workspaces.remove(first.id, { force: false });
  assert.deepEqual(await workspaces.list(), []);
});

test("a folder that somebody else has is left alone", async () => {
  const first = await create(1);
  await workspaces.remove(first.id, { force: false });
  mkdirSync(first.path);
  writeFileSync(join(first.path, "mine.txt"), "mine\n");
  const second = await create(1);
  assert.equal(second.path, `${first.path}-2`);
  assert.equal(readFileSync(join(first.path, "mine.txt"), "utf8"), "mine\n");
});

test("files are copied and commands run, with the keys of trackers taken out of their environment", async () => {
  writeFileSync(join(bench.checkout, ".env.local"), "A=1\n");
  mkdirSync(join(bench.checkout, "config"));
  writeFileSync(join(bench.checkout, "config", "a.local.json"), "{}");
  bench.change({
    copy: [".env.local", "config/*.local.json", "missing.txt", ".git/config"],
    setup: ["echo hello from setup", "env | grep -c GITHUB_TOKEN || true"],
  });
  const parts = { ...bench.parts, env: { ...bench.parts.env, GITHUB_TOKEN: "secret-token" } };
  workspaces = createWorkspaces(parts);
  const workspace = await create();
  assert.equal(readFileSync(join(workspace.path, ".env.local"), "utf8"), "A=1\n");
  assert.equal(readFileSync(join(workspace.path, "config", "a.local.json"), "utf8"), "{}");
  const log = logOf(workspace);
  assert.match(log, /\$ echo hello from setup\nhello from setup\n/);
  assert.match(log, /missing\.txt: not in the checkout/);
  assert.match(log, /\$ env \| grep -c GITHUB_TOKEN \|\| true\n0\n/);
  // An untracked file that is an unchanged copy is no work.
  assert.deepEqual((await workspaces.get(workspace.id)).facts.dirty, []);
  writeFileSync(join(workspace.path, "config", "a.local.json"), "{ }");
  assert.deepEqual((await workspaces.get(workspace.id)).facts.dirty, ["config/a.local.json"]);
});

test("a filter whose program is missing is named, and with it installed the workspace is gone on with", async () => {
  bench.commit(".gitattributes", "*.bin filter=lfs\n");
  bench.commit("a.bin", "a\n");
  bench.git(["push", "--quiet"]);
  bench.git(["config", "filter.lfs.smudge", "git-lfs-that-is-not-here smudge -- %f"]);
  bench.git(["config", "filter.lfs.required", "true"]);
  const issue = await bench.addIssue(1, "One");
  const { ready, workspace } = await workspaces.create("shop", issue);
  await assert.rejects(ready, { message: /needs git-lfs-that-is-not-here, which is not installed/ });
  assert.match((await workspaces.get(workspace.id)).problem ?? "", /git-lfs-that-is-not-here/);
  bench.git(["config", "filter.lfs.smudge", "cat"]);
  const made = await (await workspaces.create("shop", issue)).ready;
  assert.equal(readFileSync(join(made.path, "a.bin"), "utf8"), "a\n");
});

test("a failed step leaves a workspace that can be gone on with", async () => {
  bench.change({ setup: ["echo one >> ran.txt", "echo broken >&2; exit 3", "echo three >> ran.txt"] });
  const issue = await bench.addIssue(1, "One");
  const { ready, workspace } = await workspaces.create("shop", issue);
  await assert.rejects(ready, { message: /exit code 3: broken/ });
  const failed = await workspaces.get(workspace.id);
  assert.deepEqual([failed.state, failed.step], ["failed", "setup"]);
  assert.match(failed.problem ?? "", /exit code 3: broken/);
  assert.match(logOf(failed), /broken\n\(failed with exit code 3\)/);
  writeFileSync(join(failed.path, "work.txt"), "kept\n");
  bench.change({ setup: ["echo three >> ran.txt"] });
  const again = await workspaces.create("shop", issue);
  assert.equal((await again.ready).state, "ready");
  assert.equal(readFileSync(join(failed.path, "ran.txt"), "utf8"), "one\nthree\n");
  assert.equal(readFileSync(join(failed.path, "work.txt"), "utf8"), "kept\n");
});

test("a command that hangs is ended with all it started", async () => {
  bench.change({ setup: ["sleep 60 & echo $! > pid; sleep 60"], timeoutMs: 300 });
  const { ready, workspace } = await workspaces.create("shop", await bench.addIssue(1, "One"));
  await assert.rejects(ready, { code: "timeout" });
  const pid = Number(readFileSync(join(workspace.path, "pid"), "utf8"));
  assert.ok(!isAlive(pid));
});

test("nothing is lost by removing unless it is forced", async () => {
  const workspace = await create();
  const refused = (message: RegExp) =>
    assert.rejects(workspaces.remove(workspace.id, { force: false }), { code: "conflict", message });
  writeFileSync(join(workspace.path, "a.txt"), "a\n");
  await refused(/a\.txt is not committed/);
  writeFileSync(join(workspace.path, "b.txt"), "b\n");
  await refused(/a\.txt and 1 more are not committed/);
  rmSync(join(workspace.path, "b.txt"));
  bench.commit("a.txt", "a\n", workspace.path);
  await refused(/one commit is neither pushed nor merged/);
  bench.git(["push", "--quiet", "origin", "HEAD"], workspace.path);
  await workspaces.remove(workspace.id, { force: false });
  assert.ok(!existsSync(workspace.path));
  assert.equal(bench.git(["branch", "--list", workspace.branch]), "");
  assert.deepEqual(await workspaces.list(), []);

  const second = await create(2, "Two");
  bench.commit("c.txt", "c\n", second.path);
  const head = bench.git(["rev-parse", "HEAD"], second.path);
  const { kept } = await workspaces.remove(second.id, { force: true });
  assert.equal(bench.git(["rev-parse", kept ?? ""]), head);
});

test("a squashed request counts as merged", async () => {
  const workspace = await create();
  bench.commit("a.txt", "a\n", workspace.path);
  const commit = bench.git(["rev-parse", "HEAD"], workspace.path);
  const request = { url: "https://git.test/pull/1", name: "#1", number: 1, state: "merged", commit } as const;
  await bench.store.work.workspaces.update(workspace.id, { request });
  await workspaces.remove(workspace.id, { force: false });
});

test("before_remove runs, and its failure stops nothing", async () => {
  bench.change({ beforeRemove: [`echo "$PANOPTICON_BRANCH" > ${join(bench.folder, "said")}`, "exit 1"] });
  const workspace = await create();
  await workspaces.remove(workspace.id, { force: false });
  assert.equal(readFileSync(join(bench.folder, "said"), "utf8"), `${workspace.branch}\n`);
});

test("moved, deleted and forgotten folders are found or made again", async () => {
  const issue = await bench.addIssue(1, "One");
  const { ready } = await workspaces.create("shop", issue);
  const { id, path } = await ready;
  bench.commit("a.txt", "a\n", path);

  const moved = join(bench.folder, "moved");
  bench.git(["worktree", "move", path, moved]);
  assert.deepEqual(await workspaces.get(id).then(({ path: now, facts }) => [now, facts.present, facts.ahead]), [
    moved,
    true,
    1,
  ]);
  assert.equal((await (await workspaces.create("shop", issue)).ready).path, moved);
  bench.git(["worktree", "move", moved, path]);
  await workspaces.get(id);

  rmSync(path, { recursive: true });
  assert.deepEqual(await workspaces.get(id).then(({ facts }) => [facts.present, facts.unpublished]), [false, 1]);
  await assert.rejects(workspaces.remove(id, { force: false }), { message: /one commit is neither/ });
  await (
    await workspaces.create("shop", issue)
  ).ready;
  assert.equal(readFileSync(join(path, "a.txt"), "utf8"), "a\n");

  writeFileSync(join(path, "unsaved.txt"), "unsaved\n");
  renameSync(path, `${path}.away`);
  bench.git(["worktree", "prune"]);
  renameSync(`${path}.away`, path);
  assert.equal((await workspaces.get(id)).facts.present, false);
  await (
    await workspaces.create("shop", issue)
  ).ready;
  const found = await workspaces.get(id);
  assert.deepEqual(found.facts.dirty, ["unsaved.txt"]);
  bench.git(["mv", "a.txt", "b and c.txt"], path);
  writeFileSync(join(path, "README.md"), "Changed.\n");
  assert.deepEqual((await workspaces.get(id)).facts.dirty, ["README.md", "b and c.txt", "unsaved.txt"]);
  assert.equal(bench.git(["log", "-1", "--format=%s"], path), "Change a.txt");
});

test("a renamed issue keeps its workspace", async () => {
  const workspace = await create(1, "Before");
  const issue = await bench.addIssue(1, "After");
  const again = await workspaces.create("shop", issue);
  assert.equal((await again.ready).path, workspace.path);
  assert.equal(again.workspace.issue.title, "After");
});

test("what a kill broke off is gone on with", async () => {
  const issue = await bench.addIssue(1, "One");
  bench.change({ setup: [`touch ${join(bench.folder, "began")}; test -e ${join(bench.folder, "go")} || sleep 60`] });
  const { workspace, ready } = await workspaces.create("shop", issue);
  await Promise.race([ready, untilExists(join(bench.folder, "began"))]);
  // As after kill -9: nobody writes how it ended.
  const later = createWorkspaces(bench.parts);
  await later.recover();
  const found = await later.get(workspace.id);
  assert.deepEqual([found.state, found.step], ["failed", "setup"]);
  assert.match(found.problem ?? "", /make it again/);
  await workspaces.stop();
  writeFileSync(join(bench.folder, "go"), "");
  assert.equal((await (await later.create("shop", issue)).ready).state, "ready");
});

/** A zombie is one that nobody has asked for its exit. */
function isAlive(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && !/^\d+ \(.*\) Z/s.test(readFileSync(file, "utf8"));
}

async function untilExists(file: string): Promise<void> {
  while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 20));
}
