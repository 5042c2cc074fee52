import assert from "node:assert/strict";
import { test } from "node:test";
import { importCircles } from "./import-circles.ts";
import { readImports } from "./read-imports.ts";

/** One file per line: in `a: b c`, a imports b and c. */
function circlesIn(imports: string): string[] {
  const lines = imports.trim().split("\n");
  return importCircles(
    new Map(
      lines.map((line) => line.trim().split(": ")).map(([file = "", targets = ""]) => [file, targets.split(" ")]),
    ),
  );
}

test("reports each import cycle, also if other files lead into it or out of it", () => {
  const found = circlesIn(`
    main.ts: a.ts
    a.ts: b.ts leaf.ts
    b.ts: c.ts
    c.ts: leaf.ts a.ts
    leaf.ts: package`);
  assert.equal(found.length, 1);
  assert.match(
    found[0] ?? "",
    /^a\.ts: imports in a circle: it imports b\.ts, which imports c\.ts, which imports a\.ts\./,
  );
});

test("of cycles that share a file, reports only the shortest; reports separate ones each", () => {
  const found = circlesIn(`
    a.ts: b.ts
    b.ts: c.ts
    c.ts: d.ts a.ts
    d.ts: c.ts
    x.ts: y.ts
    y.ts: x.ts
    self.ts: self.ts`);
  assert.deepEqual(
    found.map((sentence) => sentence.split(". ")[0]),
    [
      "self.ts: imports itself",
      "c.ts: imports in a circle: it imports d.ts, which imports c.ts",
      "x.ts: imports in a circle: it imports y.ts, which imports x.ts",
    ],
  );
});

test("two paths to the same file are no cycle", () => {
  assert.deepEqual(
    circlesIn(`
    a.ts: b.ts c.ts
    b.ts: d.ts
    c.ts: d.ts
    d.ts: package`),
    [],
  );
});

test("counts type imports, dynamic imports, side-effect imports and re-exports", () => {
  const text = [
    `import type { A } from "./type.ts";`,
    `import {`,
    `  b,`,
    `} from "./several-lines.ts";`,
    `import "./effect.css";`,
    `export { c } from "./passed-on.ts";`,
    `const later = await import("./later.ts");`,
    `type D = import("./inline-type.ts").D;`,
    `// from "./comment.ts"`,
  ].join("\n");
  assert.deepEqual(readImports(text), [
    "./type.ts",
    "./several-lines.ts",
    "./effect.css",
    "./passed-on.ts",
    "./later.ts",
    "./inline-type.ts",
  ]);
});
