import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { groupTests, sharesItsProcess } from "./test-groups.ts";

test("a file that changes its process gets one of its own", () => {
  for (const text of ["process.exit(1);", 'process.env["A"] = "b";', "globalThis.fetch"])
    assert.equal(sharesItsProcess(text), false, text);
  for (const text of ["before(() => {});", 'const seed = process.env["SEED"];'])
    assert.equal(sharesItsProcess(text), true, text);
});

test("every file runs once, alone or with others", () => {
  const root = mkdtempSync(join(tmpdir(), "pan-groups-"));
  try {
    const files = Array.from({ length: 45 }, (_, index) => `unit-${index}.test.ts`);
    for (const file of files) writeFileSync(join(root, file), file === files[7] ? "process.exit(0);" : "");
    const { working: started, waiting } = groupTests(files, { root, folder: join(root, "groups") });
    assert.deepEqual(waiting, []);
    const alone = started.filter((path) => path.endsWith(".ts"));
    assert.deepEqual(alone, [join(root, "unit-7.test.ts")]);
    const groups = started.filter((path) => path.endsWith(".mjs"));
    const imported = groups.flatMap((path) => readFileSync(path, "utf8").match(/unit-\d+\.test\.ts(?=",)/g) ?? []);
    assert.deepEqual(new Set(imported), new Set(files.filter((file) => file !== files[7])));
    assert.equal(imported.length, 44);
  } finally {
    rmSync(root, { recursive: true });
  }
});

test("in a shared process, each file keeps its hooks to itself, and one that fails to load fails alone", () => {
  const root = mkdtempSync(join(tmpdir(), "pan-groups-"));
  const file = (name: string) => `import { beforeEach, test } from "node:test";
beforeEach(() => console.log("before each of ${name}"));
test("the one of ${name}", () => console.log("in ${name}"));
`;
  try {
    writeFileSync(join(root, "a.test.ts"), file("a"));
    writeFileSync(join(root, "b.test.ts"), "import './missing.ts';");
    writeFileSync(join(root, "c.test.ts"), file("c"));
    const { working } = groupTests(["a.test.ts", "b.test.ts", "c.test.ts"], { root, folder: join(root, "groups") });
    const [group, ...others] = working;
    assert.deepEqual(others, []);
    const env = { PATH: process.env["PATH"] };
    const { stdout } = spawnSync(process.execPath, [group ?? ""], { env, encoding: "utf8" });
    assert.match(stdout, /before each of a\nin a\nbefore each of c\nin c\n/);
    assert.match(stdout, /▶ b\.test\.ts\n {2}✖ is loaded/);
    assert.match(stdout, /pass 2\n.* fail 1\n/);
  } finally {
    rmSync(root, { recursive: true });
  }
});
