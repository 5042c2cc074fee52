import assert from "node:assert/strict";
import { test } from "node:test";
import { PanopticonError } from "../../domain/error.ts";
import { findTracker } from "../../trackers/registry.ts";
import type { Delivery, WebhookHint } from "../../trackers/tracker.ts";
import { createWebhookInbox } from "./inbox.ts";

const now = 1_800_000_000_000;
const secret = "the secret of the inbox's tests";

test("a delivery that could not be processed is accepted when it is sent again", async () => {
  const github = findTracker("github") ?? assert.fail();
  const reader = await github.webhooks.load();
  const { headers, body } = reader.ping(secret, now);
  const delivery: Delivery = { headers, query: new URLSearchParams(), body: Buffer.from(body), receivedAt: now };
  let isFull = true;
  const heard: (readonly WebhookHint[])[] = [];
  const inbox = createWebhookInbox({
    trackers: [github],
    connections: () => [{ id: "work", tracker: "github" }],
    secrets: () => [secret],
    sync: {
      async hear(_connection, hints) {
        if (isFull) throw new PanopticonError("internal", "The disk is full.");
        heard.push(hints);
        return 0;
      },
    },
  });
  await assert.rejects(inbox.receive("github", delivery), { code: "internal" });
  isFull = false;
  assert.deepEqual(await inbox.receive("github", delivery), { kind: "accepted", connection: "work", news: 0 });
  assert.equal((await inbox.receive("github", delivery)).kind, "repeated");
  assert.equal(heard.length, 1);
});
