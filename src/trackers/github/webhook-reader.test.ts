import assert from "node:assert/strict";
import { test } from "node:test";
import { makeDelivery } from "../../../test/support/make-delivery.ts";
import { webhookReader } from "./webhook-reader.ts";

const issue = { id: 7, number: 70 };
const other = { id: 8, number: 80 };
const repository = { id: 1 };
const elsewhere = { id: 2 };
const read = (event: string, payload: object) =>
  webhookReader.read(makeDelivery(payload, { "x-github-event": event, "x-github-delivery": "d1" }));
const hint = (sourceId: string, nativeId: string, key: string, part: object = {}) => ({
  sourceId,
  issue: { nativeId, key },
  comments: false,
  gone: false,
  ...part,
});

test("reports a deleted or transferred issue as gone", () => {
  for (const [action, gone] of [
    ["edited", false],
    ["deleted", true],
    ["transferred", true],
  ] as const) {
    const { id, hints } = read("issues", { action, issue, repository });
    assert.equal(id, "d1");
    assert.deepEqual(hints, [hint("1", "7", "#70", { gone })]);
  }
});

test("maps a comment to its issue, and ignores comments on pull requests", () => {
  const comment = { action: "created", issue, repository };
  assert.deepEqual(read("issue_comment", comment).hints, [hint("1", "7", "#70", { comments: true })]);
  assert.deepEqual(read("issue_comment", { ...comment, issue: { ...issue, pull_request: {} } }).hints, []);
  // A deleted comment does not mean that its issue is gone.
  assert.equal(read("issue_comment", { ...comment, action: "deleted" }).hints[0]?.gone, false);
});

test("reads both ends of a relation, each in its own repository", () => {
  const family = { parent_issue: issue, sub_issue: other, repository };
  assert.deepEqual(read("sub_issues", { ...family, sub_issue_repo: elsewhere }).hints, [
    hint("1", "7", "#70"),
    hint("2", "8", "#80"),
  ]);
  assert.deepEqual(read("sub_issues", { ...family, parent_issue_repo: elsewhere }).hints, [
    hint("2", "7", "#70"),
    hint("1", "8", "#80"),
  ]);
  const block = { blocked_issue: issue, blocking_issue: other, repository };
  assert.deepEqual(read("issue_dependencies", { ...block, blocking_issue_repo: elsewhere }).hints, [
    hint("1", "7", "#70"),
    hint("2", "8", "#80"),
  ]);
});

test("maps a label or milestone to the whole repository, and ignores other events", () => {
  for (const event of ["label", "milestone"]) {
    assert.deepEqual(read(event, { action: "edited", repository }).hints, [
      { sourceId: "1", issue: null, comments: false },
    ]);
  }
  assert.deepEqual(read("push", { repository }).hints, []);
  assert.deepEqual(read("pull_request", { repository, issue }).hints, []);
});
