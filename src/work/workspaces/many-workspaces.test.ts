import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { after, before } from "../../../test/support/hooks.ts";
import { makeWorkspaceBench, type WorkspaceBench } from "../../../test/support/workspace-bench.ts";
import type { Workspace } from "../../domain/workspace.ts";
import type { Git } from "../git/git.ts";
import { createWorkspaces } from "./workspaces.ts";

let bench: WorkspaceBench;
let all: Workspace[];

/** Real git, with a note of every process. */
function counting(git: Git): Git & { readonly started: string[] } {
  const started: string[] = [];
  const note = (args: readonly string[]) => started.push(args.find((word) => !word.startsWith("-")) ?? "");
  return {
    started,
    run: (cwd, args, options) => (note(args), git.run(cwd, args, options)),
    ask: (cwd, args, options) => (note(args), git.ask(cwd, args, options)),
  };
}

before(async () => {
  bench = await makeWorkspaceBench();
  all = [];
  for (let number = 1; number <= 9; number += 1) all.push(await bench.create(number, `Issue ${number}`));
});
after(() => bench.close());

/** Lists them with few processes, and each by itself; both must agree. */
async function listBothWays() {
  const git = counting(bench.parts.git);
  const workspaces = createWorkspaces({ ...bench.parts, git });
  const listed = await workspaces.list();
  const started = [...git.started];
  const single = [];
  for (const { id } of listed) single.push(await workspaces.get(id));
  assert.deepEqual(listed, single);
  return { started, facts: new Map(listed.map(({ id, facts }) => [id, facts])) };
}

test("many workspaces are compared with their base together: one git process for each, and five for all", async () => {
  const { started } = await listBothWays();
  assert.deepEqual(started.toSorted(), [
    "merge-base",
    "rev-list",
    "rev-list",
    "rev-parse",
    ...Array.from({ length: 9 }, () => "status"),
    "worktree",
  ]);
});

test("commits ahead, behind, merged, pushed and detached count as they do for each workspace by itself", async () => {
  const [, ahead, behind, merged, pushed, detached, dirty, gone] = all;
  assert.ok(ahead && behind && merged && pushed && detached && dirty && gone);
  bench.commit("a.txt", "a", ahead.path);
  bench.commit("b.txt", "b", ahead.path);
  bench.commit("p.txt", "p", pushed.path);
  bench.git(["push", "--quiet", "origin", `HEAD:${pushed.branch}`], pushed.path);
  bench.commit("m.txt", "m", merged.path);
  bench.commit("main.txt", "main");
  bench.git(["push", "--quiet", "origin", "main"]);
  bench.git(["merge", "--quiet", "--no-edit", "origin/main"], merged.path);
  bench.git(["merge", "--quiet", "--no-edit", ahead.branch], merged.path);
  bench.git(["switch", "--quiet", "--detach"], detached.path);
  bench.commit("d.txt", "d", detached.path);
  rmSync(join(dirty.path, "README.md"));
  rmSync(gone.path, { recursive: true });
  const { facts, started } = await listBothWays();
  const of = ({ id }: Workspace) => {
    const { ahead: more, behind: less, unpublished } = facts.get(id) ?? assert.fail();
    return [more, less, unpublished];
  };
  assert.deepEqual(of(ahead), [2, 1, 2]);
  assert.deepEqual(of(behind), [0, 1, 0]);
  // Its own commit, those of the other branch, and two merges.
  assert.deepEqual(of(merged), [5, 0, 5]);
  assert.deepEqual(of(pushed), [1, 1, 0]);
  assert.deepEqual(of(detached), [1, 1, 1]);
  assert.deepEqual(facts.get(dirty.id)?.dirty, ["README.md"]);
  assert.equal(facts.get(gone.id)?.present, false);
  assert.ok(started.filter((name) => name === "rev-list").length <= 6, started.join());
});

test("without its base, or with histories that have nothing in common, each is asked by itself", async () => {
  bench.git(["checkout", "--quiet", "--orphan", "other"], all[0]?.path);
  bench.git(["commit", "--quiet", "--allow-empty", "-m", "Alone"], all[0]?.path);
  await listBothWays();
  bench.git(["update-ref", "-d", "refs/remotes/origin/main"]);
  await listBothWays();
});
