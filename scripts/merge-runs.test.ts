import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

test("two runs are reported as one: first run, second run, their failures, and combined totals", () => {
  const folder = mkdtempSync(join(tmpdir(), "pan-runs-"));
  const merging = pathToFileURL(join(import.meta.dirname, "merge-runs.ts")).href;
  try {
    writeFileSync(join(folder, "a.mjs"), 'import { test } from "node:test"; test("one of a", () => {});');
    writeFileSync(
      join(folder, "b.mjs"),
      'import { test } from "node:test"; test("one of b", () => {}); test("two of b", () => { throw new Error("no"); });',
    );
    writeFileSync(
      join(folder, "main.mjs"),
      `import { run } from "node:test";
import { spec } from "node:test/reporters";
import { mergeRuns } from ${JSON.stringify(merging)};
const start = (name) => run({ files: [new URL(name, import.meta.url).pathname] });
mergeRuns(start("a.mjs"), start("b.mjs")).compose(spec).pipe(process.stdout);
`,
    );
    // Node does not run test files inside a test.
    const env = { PATH: process.env["PATH"] };
    const { stdout, stderr } = spawnSync(process.execPath, [join(folder, "main.mjs")], { env, encoding: "utf8" });
    assert.match(stdout, /one of a[^]*one of b[^]*two of b[^]*tests 3\n[^]*pass 2\n.* fail 1\n/, stderr);
    assert.equal(stdout.match(/ tests \d+\n/g)?.length, 1);
    assert.match(stdout, /failing tests:[^]*two of b/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
