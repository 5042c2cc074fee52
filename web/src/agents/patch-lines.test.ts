import assert from "node:assert/strict";
import { test } from "node:test";
import { patchLines } from "./patch-lines.ts";

test("parses a patch into numbered lines", () => {
  const patch = [
    "diff --git a/x b/x",
    "--- a/x",
    "+++ b/x",
    "@@ -3,3 +3,4 @@ function f() {",
    " same",
    "-old",
    "+new",
    "+++ more",
    " end",
    "\\ No newline at end of file",
    "",
  ].join("\n");
  assert.deepEqual(
    patchLines(patch).map(({ kind, text, before, after }) => [kind, text, before, after]),
    [
      ["hunk", "@@ -3,3 +3,4 @@ function f() {", null, null],
      ["same", "same", 3, 3],
      ["removed", "old", 4, null],
      ["added", "new", null, 4],
      ["added", "++ more", null, 5],
      ["same", "end", 5, 6],
      ["note", "No newline at end of file", null, null],
    ],
  );
});
