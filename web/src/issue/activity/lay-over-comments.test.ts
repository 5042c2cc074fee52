import assert from "node:assert/strict";
import { test } from "node:test";
import type { CommentShape } from "../../../../src/server/contract/issue.ts";
import { layOver, type LocalComment } from "./lay-over-comments.ts";

const at = "2026-11-22T10:00:00.000Z";
const comment = (id: string, body: string): CommentShape => ({
  id,
  author: null,
  body,
  createdAt: at,
  updatedAt: at,
  own: true,
  pending: false,
  sentAgain: false,
  replyTo: null,
});
const added = (key: string, body: string, known: readonly string[]): LocalComment => ({
  kind: "added",
  comment: comment(key, body),
  known: new Set(known),
});
const shown = (comments: readonly CommentShape[], changes: readonly LocalComment[]) =>
  layOver(comments, changes).map(({ id, body }) => `${id}: ${body}`);

test("shows an added comment until it is read, and only once while both exist", () => {
  const before = [comment("c1", "Thanks")];
  const local = [added("key", "Thanks", ["c1"])];
  assert.deepEqual(shown(before, local), ["c1: Thanks", "key: Thanks"]);
  assert.deepEqual(shown([...before, comment("c2", "Thanks\n")], local), ["c1: Thanks", "c2: Thanks\n"]);
});

test("two comments with the same text stay two, whichever is read first", () => {
  const local = [added("one", "+1", []), added("two", "+1", [])];
  assert.deepEqual(shown([comment("c1", "+1")], local), ["c1: +1", "two: +1"]);
  assert.deepEqual(shown([comment("c1", "+1"), comment("c2", "+1")], local), ["c1: +1", "c2: +1"]);
});

test("edits and removals apply to the comments read", () => {
  const read = [comment("c1", "Old"), comment("c2", "Gone")];
  const local: readonly LocalComment[] = [
    { kind: "edited", id: "c1", body: "New" },
    { kind: "removed", id: "c2" },
  ];
  assert.deepEqual(shown(read, local), ["c1: New"]);
  assert.equal(layOver(read, local)[0]?.pending, true);
});

test("undoing shows what was before, whether the change was read or not", () => {
  const [one, key, c2] = [comment("c1", "First"), added("key", "Mine", ["c1"]), comment("c2", "Mine")];
  assert.equal(key.kind, "added");
  const back = { ...key, kind: "withdrawn" } as const;
  for (const read of [[one], [one, c2]]) assert.deepEqual(shown(read, [key, back]), ["c1: First"]);
  assert.deepEqual(shown([one, c2], [back]), ["c1: First"]);

  const restored: LocalComment[] = [{ kind: "removed", id: "c1" }, added("c1", "First", [])];
  assert.deepEqual(shown([one], restored), ["c1: First"]);
  assert.deepEqual(shown([comment("c9", "First")], restored), ["c9: First"]);
});
