import assert from "node:assert/strict";
import { realpathSync } from "node:fs";
import { test } from "node:test";
import { after, before } from "../../../test/support/hooks.ts";
import { makeWorkbench, type Workbench } from "../../../test/support/workbench.ts";
import { createGit } from "./git.ts";

let bench: Workbench;
before(async () => {
  bench = await makeWorkbench();
});
after(() => bench.close());

test("ignores variables that point git elsewhere, as in a hook that starts Panopticon", async () => {
  const elsewhere = { GIT_DIR: "/nowhere", GIT_WORK_TREE: "/", GIT_INDEX_FILE: "/nowhere/index", GIT_PREFIX: "x/" };
  const git = createGit({ ...bench.parts.env, ...elsewhere });
  assert.equal(await git.run(bench.checkout, ["rev-parse", "--show-toplevel"]), realpathSync(bench.checkout));
  assert.equal(await git.run(bench.checkout, ["status", "--porcelain"]), "");
  // The user's identity is kept.
  assert.match(await git.run(bench.checkout, ["var", "GIT_AUTHOR_IDENT"]), /^Ann Ames <ann@example\.test>/);
});
