import assert from "node:assert/strict";
import { test } from "node:test";
import { makeDelivery } from "../../../test/support/make-delivery.ts";
import { sign } from "../webhooks/signature.ts";
import { webhookReader } from "./webhook-reader.ts";

const now = Date.UTC(2026, 10, 22);
const bytes = Buffer.from("32 bytes of a signing token, yes");
const token = `whsec_${bytes.toString("base64")}`;

/** Signs as the Standard Webhooks specification describes, with the key's bytes. */
function signed(sentAt: number, options: { readonly key?: Uint8Array; readonly among?: readonly string[] } = {}) {
  const { key = bytes, among = [] } = options;
  const delivery = makeDelivery({ object_kind: "issue" }, {}, now);
  const seconds = String(sentAt / 1000);
  const signature = `v1,${sign(key, `m1.${seconds}.`, delivery.body).toString("base64")}`;
  const headers = {
    "webhook-id": "m1",
    "webhook-timestamp": seconds,
    "webhook-signature": [...among, signature].join(" "),
  };
  return { ...delivery, headers };
}

test("accepts a signature with a signing token, also as one of several, for five minutes", () => {
  assert.equal(webhookReader.prove(signed(now), token), "proved");
  assert.equal(webhookReader.prove(signed(now, { among: ["v1,bm90IG91cnM=", "v2,other"] }), token), "proved");
  assert.equal(webhookReader.prove(signed(now, { key: Buffer.from("another") }), token), "wrong");
  assert.equal(webhookReader.prove(signed(now - 299_000), token), "proved");
  assert.equal(webhookReader.prove(signed(now - 301_000), token), "stale");
  assert.equal(webhookReader.prove(signed(now + 301_000), token), "stale");
});

test("verifies the signature of time, id and body", () => {
  const delivery = signed(now);
  const change = (part: object) => ({ ...delivery, headers: { ...delivery.headers, ...part } });
  assert.equal(webhookReader.prove(change({ "webhook-timestamp": String(now / 1000 + 1) }), token), "wrong");
  assert.equal(webhookReader.prove(change({ "webhook-id": "m2" }), token), "wrong");
  assert.equal(webhookReader.prove({ ...delivery, body: Buffer.from('{"object_kind": "note"}') }, token), "wrong");
  assert.equal(webhookReader.prove(change({ "webhook-timestamp": "soon" }), token), "unsigned");
});

test("uses a signing token that is not base64 as the key itself", () => {
  assert.equal(webhookReader.prove(signed(now, { key: Buffer.from("plain") }), "plain"), "proved");
});

test("derives hints from issues, work items and notes on them", () => {
  const read = (payload: object, headers: Readonly<Record<string, string>> = {}) =>
    webhookReader.read(makeDelivery(payload, headers));
  const hint = { sourceId: "5", issue: { nativeId: "70", key: "!7" }, comments: false };
  const about = { id: 70, iid: 7 };
  for (const kind of ["issue", "work_item"]) {
    assert.deepEqual(read({ object_kind: kind, project: { id: 5 }, object_attributes: about }).hints, [hint]);
  }
  const note = { object_kind: "note", project_id: 5, object_attributes: { id: 1, noteable_type: "Issue" } };
  assert.deepEqual(read({ ...note, issue: about }).hints, [{ ...hint, comments: true }]);
  assert.deepEqual(read(note).hints, [], "on a merge request");
  assert.deepEqual(read({ object_kind: "push", project_id: 5 }).hints, []);
});

test("identifies a retry by the first available id", () => {
  const idOf = (headers: Readonly<Record<string, string>>) =>
    webhookReader.read(makeDelivery({ object_kind: "push" }, headers)).id;
  const all = { "idempotency-key": "a", "webhook-id": "b", "x-gitlab-event-uuid": "c" };
  assert.equal(idOf(all), "a");
  assert.equal(idOf({ "webhook-id": "b", "x-gitlab-event-uuid": "c" }), "b");
  assert.equal(idOf({ "x-gitlab-event-uuid": "c" }), "c");
  assert.equal(idOf({}), null);
});
