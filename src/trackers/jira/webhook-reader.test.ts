import assert from "node:assert/strict";
import { test } from "node:test";
import { makeDelivery } from "../../../test/support/make-delivery.ts";
import { webhookReader } from "./webhook-reader.ts";

const issue = { id: "10070", key: "PROJ-7", fields: { project: { id: "10001" } } };
const read = (webhookEvent: string, part: object) =>
  webhookReader.read(makeDelivery({ webhookEvent, ...part }, { "x-atlassian-webhook-identifier": "d1" }));
const hint = { sourceId: "10001", issue: { nativeId: "10070", key: "PROJ-7" }, comments: false };

test("derives hints from issues and comments, and reports deleted issues as gone", () => {
  assert.deepEqual(read("jira:issue_updated", { issue }), { id: "d1", hints: [{ ...hint, gone: false }] });
  assert.deepEqual(read("jira:issue_deleted", { issue }).hints, [{ ...hint, gone: true }]);
  for (const event of ["comment_created", "comment_updated", "comment_deleted"]) {
    assert.deepEqual(read(event, { issue }).hints, [{ ...hint, comments: true }]);
  }
  assert.deepEqual(read("comment_created", {}).hints, []);
  const bare = { id: 10070, key: "PROJ-7" };
  assert.deepEqual(read("jira:issue_updated", { issue: bare }).hints, [{ ...hint, sourceId: null, gone: false }]);
});

test("derives hints for both issues of a link, whatever their projects", () => {
  const end = (nativeId: string) => ({ sourceId: null, issue: { nativeId, key: "" }, comments: false });
  const issueLink = { sourceIssueId: 1, destinationIssueId: 2 };
  assert.deepEqual(read("issuelink_created", { issueLink }).hints, [end("1"), end("2")]);
  assert.deepEqual(read("issuelink_deleted", { issueLink: { destinationIssueId: 2 } }).hints, [end("2")]);
  assert.deepEqual(read("sprint_started", {}).hints, []);
});
