import assert from "node:assert/strict";
import { test } from "node:test";
import { hasWords } from "./command-words.ts";

test("finds a command by the starts of its words in any order, and by synonyms", () => {
  const sync = { label: "Sync all now", more: "GitHub, Jira", also: "refresh poll" };
  for (const typed of ["", "sync", "sync now", "now sy", "SYNC", "jira", "refr", "all now"])
    assert.ok(hasWords(sync, typed), typed);
  for (const typed of ["ync x", "later", "sync later"]) assert.ok(!hasWords(sync, typed), typed);
});

test("finds an action on an issue by the issue's ref", () => {
  const move = { label: "Move panopticon#45 to…" };
  assert.ok(hasWords(move, "panopticon#45"));
  assert.ok(hasWords(move, "move pano"));
  assert.ok(!hasWords(move, "#4 5"));
});
