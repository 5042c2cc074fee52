import assert from "node:assert/strict";
import { test } from "node:test";
import type { CommentShape } from "../../../../src/server/contract/issue.ts";
import { activityEntries, type HistoryLine } from "./activity-entries.ts";

function comment(id: string, createdAt: string): CommentShape {
  return {
    id,
    author: null,
    body: id,
    createdAt,
    updatedAt: createdAt,
    own: false,
    pending: false,
    sentAgain: false,
    replyTo: null,
  };
}

test("comments of the same second are shown newest first, like all others, among the history", () => {
  const line: HistoryLine = {
    id: 1,
    at: "2026-11-22T10:00:03Z",
    actor: "you",
    field: "title",
    from: "a",
    to: "b",
    state: "",
  };
  const comments = [
    comment("first", "2026-11-22T10:00:00Z"),
    comment("second", "2026-11-22T10:00:05Z"),
    comment("third", "2026-11-22T10:00:05Z"),
    comment("fourth", "2026-11-22T10:00:05Z"),
  ];
  assert.deepEqual(
    activityEntries(comments, [line]).map((entry) => (entry.kind === "comment" ? entry.comment.id : entry.line.field)),
    ["fourth", "third", "second", "title", "first"],
  );
});
