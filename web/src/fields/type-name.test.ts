import assert from "node:assert/strict";
import { test } from "node:test";
import { typeName } from "./type-name.ts";

test("types written in small letters stand like others, which stay as they are", () => {
  assert.deepEqual(["issue", "test case", "User Story", "iOS bug"].map(typeName), [
    "Issue",
    "Test case",
    "User Story",
    "iOS bug",
  ]);
});
