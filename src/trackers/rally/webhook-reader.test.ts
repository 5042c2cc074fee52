import assert from "node:assert/strict";
import { test } from "node:test";
import { makeDelivery } from "../../../test/support/make-delivery.ts";
import { webhookReader } from "./webhook-reader.ts";

const server = "https://rally1.rallydev.com/slm/webservice/v2.0";
const values = (fields: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(fields).map(([name, value], index) => [`a-${index}`, { name, value }]));
const read = (message: object | null) =>
  webhookReader.read(makeDelivery({ message }, { "x-delivery-id": "d1" })).hints[0];

test("only the secret in the URL proves a delivery", () => {
  const prove = (query: string) =>
    webhookReader.prove({ ...makeDelivery({}), query: new URLSearchParams(query) }, "the secret");
  assert.equal(prove("secret=the+secret"), "proved");
  assert.equal(prove("secret=another"), "wrong");
  assert.equal(prove("secret="), "unsigned");
  assert.equal(prove(""), "unsigned");
});

test("finds an item by its number or by its URL", () => {
  const hint = { sourceId: null, issue: { nativeId: "70", key: "DE7" }, comments: false, gone: false };
  const state = values({ ObjectID: 70, FormattedID: "DE7" });
  assert.deepEqual(read({ object_type: "Defect", action: "Updated", state }), hint);
  const ref = `${server}/defect/70`;
  assert.deepEqual(read({ object_type: "Defect", ref, state: values({ FormattedID: "DE7" }) }), hint);
  assert.equal(read({ object_type: "Defect", action: "Recycled", state })?.gone, true);
  const changes = values({ Discussion: [] });
  assert.equal(read({ object_type: "Defect", action: "Updated", state, changes })?.comments, true);
});

test("maps a comment to its item, which stays when the comment is deleted", () => {
  const state = values({ ObjectID: 5, FormattedID: "none", Artifact: { ref: `${server}/defect/70` } });
  assert.deepEqual(read({ object_type: "ConversationPost", action: "Deleted", ref: `${server}/post/5`, state }), {
    sourceId: null,
    issue: { nativeId: "70", key: "" },
    comments: true,
    gone: false,
  });
});

test("reads whole sources after an unclear delivery, and nothing after one without a message", () => {
  assert.equal(read({ object_type: "Defect", action: "Updated" })?.issue, null);
  assert.equal(read(null), undefined);
});
