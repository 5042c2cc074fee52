import assert from "node:assert/strict";
import { test } from "node:test";
import { typeName } from "./type-name.ts";

test("capitalises lower-case type names and leaves others unchanged", () => {
  assert.deepEqual(["issue", "test case", "User Story", "iOS bug"].map(typeName), [
    "Issue",
    "Test case",
    "User Story",
    "iOS bug",
  ]);
});
