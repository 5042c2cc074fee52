import assert from "node:assert/strict";
import { test } from "node:test";
import { commandTable } from "./command-table.ts";
import { makePanHome } from "./fixture.ts";

test("every page of help fits a terminal of 80 columns, and names files where they are", async () => {
  await using home = makePanHome();
  for (const args of [["--help"], ...commandTable.map(({ name }) => ["help", name])]) {
    const { stdout } = await home.here(args, { COLUMNS: "80" });
    const wide = stdout.split("\n").filter((line) => line.length > 80 && !line.includes(home.paths.home));
    assert.deepEqual(wide, [], args.join(" "));
    assert.doesNotMatch(stdout, /~\/\.panopticon/, args.join(" "));
  }
  assert.ok((await home.here(["--help"])).stdout.includes(`${home.paths.envFile} (keys)`));
});
