import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { groupTests, sharesItsProcess } from "./test-groups.ts";

test("a file that does something to its process, or has hooks outside a suite, has one of its own", () => {
  for (const text of ["beforeEach(() => {});", "process.exit(1);", 'process.env["A"] = "b";', "globalThis.fetch"])
    assert.equal(sharesItsProcess(text), false, text);
  for (const text of ['describe("x", () => {\n  before(() => {});\n});', 'const seed = process.env["SEED"];'])
    assert.equal(sharesItsProcess(text), true, text);
});

test("every file is started once, alone or with others", () => {
  const root = mkdtempSync(join(tmpdir(), "pan-groups-"));
  try {
    const files = Array.from({ length: 45 }, (_, index) => `unit-${index}.test.ts`);
    for (const file of files) writeFileSync(join(root, file), file === files[7] ? "process.exit(0);" : "");
    const started = groupTests(files, { root, folder: join(root, "groups") });
    const alone = started.filter((path) => path.endsWith(".ts"));
    assert.deepEqual(alone, [join(root, "unit-7.test.ts")]);
    const groups = started.filter((path) => path.endsWith(".mjs"));
    const imported = groups.flatMap((path) => readFileSync(path, "utf8").match(/unit-\d+\.test\.ts/g) ?? []);
    assert.deepEqual(new Set(imported), new Set(files.filter((file) => file !== files[7])));
    assert.equal(imported.length, 44);
  } finally {
    rmSync(root, { recursive: true });
  }
});
