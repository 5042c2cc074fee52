import assert from "node:assert/strict";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { after, before } from "../../../test/support/hooks.ts";
import type { Workspace } from "../../domain/workspace.ts";
import type { ChangedFile } from "../../domain/workspace-changes.ts";
import { makeWorkspaceBench, type WorkspaceBench } from "../../../test/support/workspace-bench.ts";
import { changesLimits, readChanges } from "./read-changes.ts";

let bench: WorkspaceBench;
let workspace: Workspace;
before(async () => {
  bench = await makeWorkspaceBench();
  bench.commit("old name.txt", `${"the same line\n".repeat(20)}`);
  bench.commit("gone.txt", "going\n");
  bench.git(["push", "--quiet"]);
  workspace = await bench.create(1, "Changes");
});
after(() => bench.close());

const put = (file: string, text: string | Uint8Array) => {
  mkdirSync(join(workspace.path, file, ".."), { recursive: true });
  writeFileSync(join(workspace.path, file), text);
};
const find = (files: readonly ChangedFile[], path: string) => {
  const file = files.find((one) => one.path === path);
  assert.ok(file, `${path} is among ${files.map((one) => one.path).join(", ")}`);
  return file;
};

test("commits, uncommitted changes and new files are distinguished, with true counts", async () => {
  bench.git(["mv", "old name.txt", "new näme.txt"], workspace.path);
  bench.commit("README.md", "# Shop\n\nOpen\n", workspace.path);
  bench.git(["rm", "--quiet", "gone.txt"], workspace.path);
  put("README.md", "# Shop\n\nOpen\ndiff --git a/x b/x\n");
  put("fresh/note.txt", "one\ntwo\n");
  put("node_modules/x.js", "ignored\n");
  put("picture.bin", Uint8Array.from([0, 1, 2, 255]));
  symlinkSync("/etc/passwd", join(workspace.path, "outside"));

  const before = bench.git(["status", "--porcelain"], workspace.path);
  const changes = await bench.workspaces.changes(workspace.id);
  assert.equal(bench.git(["status", "--porcelain"], workspace.path), before, "the index is as it was");
  assert.deepEqual(
    changes.files.map(({ path, status, additions, deletions, committed, uncommitted, untracked }) =>
      [path, status, additions, deletions, committed, uncommitted, untracked].join(" "),
    ),
    [
      "README.md modified 3 0 true true false",
      "fresh/note.txt added 2 0 false true true",
      "gone.txt deleted 0 1 false true false",
      "new näme.txt renamed 0 0 true false false",
      "outside added 1 0 false true true",
      "picture.bin added   false true true",
    ],
  );
  assert.deepEqual(
    changes.commits.map(({ title }) => title),
    ["Change README.md"],
  );
  assert.deepEqual(changes.totals, { commits: 1, files: 6, additions: 6, deletions: 1, withoutPatch: 1 });
  assert.match(find(changes.files, "README.md").patch ?? "", /^\+diff --git a\/x b\/x$/m);
  assert.match(find(changes.files, "fresh/note.txt").patch ?? "", /^\+two$/m);
  assert.equal(find(changes.files, "new näme.txt").from, "old name.txt");
  assert.match(
    find(changes.files, "outside").patch ?? "",
    /^\+\/etc\/passwd$/m,
    "a link is its text, not what it leads to",
  );
  assert.equal(find(changes.files, "picture.bin").omitted, "binary");
});

test("omissions for size or space are reported; one file can be requested alone", async () => {
  put("large.txt", "line\n".repeat(5_000));
  for (let number = 0; number < 8; number += 1) put(`many/${number}.txt`, `${"x".repeat(80)}\n`.repeat(20));
  const all = await bench.workspaces.changes(workspace.id);
  assert.equal(find(all.files, "large.txt").omitted, "too_large");
  assert.equal(find(all.files, "large.txt").additions, 5_000);
  const alone = await bench.workspaces.changes(workspace.id, "large.txt");
  assert.equal(alone.files.length, 1);
  assert.match(alone.files[0]?.patch ?? "", /^\+line$/m);
  assert.equal(alone.totals.files, all.totals.files);

  const few = await readChanges(bench.parts.git, {
    workspace,
    copies: false,
    limits: { ...changesLimits, files: 10, bytes: 6_000 },
  });
  assert.equal(few.files.length, 10);
  assert.equal(few.totals.files, all.totals.files);
  assert.ok(few.files.some(({ omitted }) => omitted === "no_room"));
  for (const { patch } of few.files) assert.ok(patch === null || patch.startsWith("diff --git "));
  assert.equal(few.totals.withoutPatch, few.totals.files - few.files.filter(({ patch }) => patch !== null).length);
});

test("a file named like a flag or a pattern is a file", async () => {
  put("--output=x", "flag\n");
  put(":(top)*", "magic\n");
  const { files } = await bench.workspaces.changes(workspace.id);
  assert.match(find(files, "--output=x").patch ?? "", /^\+flag$/m);
  assert.match(find(files, ":(top)*").patch ?? "", /^\+magic$/m);
});

test("STATE.md is returned unchanged; a link out of the workspace is not followed", async () => {
  assert.equal(await bench.workspaces.state(workspace.id), null);
  put(".panopticon/STATE.md", "# shop#1\n");
  assert.equal((await bench.workspaces.state(workspace.id))?.text, "# shop#1\n");
  rmSync(join(workspace.path, ".panopticon", "STATE.md"));
  symlinkSync("/etc/passwd", join(workspace.path, ".panopticon", "STATE.md"));
  assert.equal(await bench.workspaces.state(workspace.id), null);
});

test("a missing folder is reported", async () => {
  rmSync(workspace.path, { recursive: true });
  await assert.rejects(bench.workspaces.changes(workspace.id), { code: "conflict" });
});
