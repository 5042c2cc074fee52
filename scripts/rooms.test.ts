import assert from "node:assert/strict";
import { posix } from "node:path";
import { test } from "node:test";
import { findings } from "./rooms.ts";

const resolveImport = (from: string, specifier: string) =>
  specifier.startsWith(".") ? posix.join(posix.dirname(from), specifier) : null;

function check(file: string, text: string): string[] {
  return findings([{ file, text }], ["github", "linear"], resolveImport);
}

test("reports a forbidden import between rooms", () => {
  assert.match(
    check("src/store/open.ts", `import { a } from "../sync/engine.ts";`)[0] ?? "",
    /src\/store may not import/,
  );
  assert.match(
    check("web/src/app.tsx", `const a = await import("../../src/store/store.ts");`)[0] ?? "",
    /web may not import/,
  );
  assert.match(check("src/domain/a.ts", `export { a } from "../config/config.ts";`)[0] ?? "", /may not import/);
});

test("accepts what is allowed", () => {
  assert.deepEqual(
    check("src/sync/engine.ts", `import type { A } from "../trackers/tracker.ts";\nimport { z } from "zod";`),
    [],
  );
  assert.deepEqual(check("src/store/open.test.ts", `import { a } from "../sync/engine.ts";`), []);
});

test("the domain is pure: only its tests import Node modules", () => {
  const text = `import { readFileSync } from "node:fs";`;
  assert.match(check("src/domain/issue.ts", text)[0] ?? "", /the domain does no input or output/);
  assert.deepEqual(check("src/domain/issue.test.ts", text), []);
  assert.deepEqual(check("src/store/open.ts", text), []);
});

test("trackers do not import each other, and only the registry imports them", () => {
  assert.match(
    check("src/trackers/github/map.ts", `import { a } from "../linear/map.ts";`)[0] ?? "",
    /github imports the tracker linear/,
  );
  assert.match(
    check("src/cli/compose.ts", `import { a } from "../trackers/github/index.ts";`)[0] ?? "",
    /only src\/trackers\/registry/,
  );
  assert.deepEqual(check("src/trackers/registry.ts", `import { a } from "./github/index.ts";`), []);
});

test("a tracker's name appears as a string only in its own folder", () => {
  assert.match(check("src/server/routes.ts", `if (tracker === "github") {}`)[0] ?? "", /names the tracker "github"/);
  assert.deepEqual(check("src/server/routes.ts", `// "github" in a comment is fine`), []);
  assert.deepEqual(check("src/trackers/github/index.ts", `export const id = "github";`), []);
});
