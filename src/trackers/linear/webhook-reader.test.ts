import assert from "node:assert/strict";
import { test } from "node:test";
import { makeDelivery } from "../../../test/support/make-delivery.ts";
import { sign } from "../webhooks/signature.ts";
import { webhookReader } from "./webhook-reader.ts";

const secret = "lin_wh_secret";
const now = Date.UTC(2026, 10, 22);

test("accepts only deliveries of the last minute, by their signed time", () => {
  const prove = (sentAt: number) => {
    const delivery = makeDelivery({ type: "Issue", webhookTimestamp: sentAt }, {}, now);
    const signature = sign(secret, delivery.body).toString("hex");
    return webhookReader.prove({ ...delivery, headers: { "linear-signature": signature } }, secret);
  };
  assert.equal(prove(now - 59_000), "proved");
  assert.equal(prove(now + 59_000), "proved");
  assert.equal(prove(now - 61_000), "stale");
  assert.equal(prove(now + 61_000), "stale");
});

test("proves nothing without a readable time", () => {
  const delivery = makeDelivery({ type: "Issue" }, {}, now);
  const headers = { "linear-signature": sign(secret, delivery.body).toString("hex") };
  assert.equal(webhookReader.prove({ ...delivery, headers }, secret), "stale");
});

test("derives hints from issues, comments, labels and cycles", () => {
  const read = (type: string, data: object | null, action = "update") =>
    webhookReader.read(makeDelivery({ action, type, data, webhookTimestamp: now })).hints;
  const issue = { nativeId: "i1", key: "APP-1" };
  const told = { sourceId: "t1", issue, comments: false, gone: false };
  assert.deepEqual(read("Issue", { id: "i1", identifier: "APP-1", teamId: "t1" }), [told]);
  assert.deepEqual(read("Issue", { id: "i1", identifier: "APP-1", teamId: "t1" }, "remove"), [{ ...told, gone: true }]);
  const comment = { id: "c1", issue: { id: "i1", identifier: "APP-1", teamId: "t1" } };
  assert.deepEqual(read("Comment", comment), [{ sourceId: "t1", issue, comments: true }]);
  assert.deepEqual(read("Comment", { id: "c1", issueId: "i1" }), [
    { sourceId: null, issue: { nativeId: "i1", key: "" }, comments: true },
  ]);
  assert.deepEqual(read("Comment", { id: "c1" }), [], "of a project's update");
  for (const type of ["IssueLabel", "Cycle"]) {
    assert.deepEqual(read(type, { id: "l1", teamId: "t1" }), [{ sourceId: "t1", issue: null, comments: false }]);
    assert.deepEqual(read(type, { id: "l1" }), [{ sourceId: null, issue: null, comments: false }]);
  }
  assert.deepEqual(read("Project", { id: "p1" }), []);
  assert.deepEqual(read("Issue", null), []);
});
