import assert from "node:assert/strict";
import { test } from "node:test";
import { inventedTracker } from "./invented-tracker.ts";
import { connectionLabel, progressWords, trackerSentence } from "./tracker-sentence.ts";

const now = Date.parse("2026-11-22T12:00:12.000Z");

function sentence(
  changes: Parameters<typeof inventedTracker>[0],
  progress: { done: number; total: number | null } | null = null,
) {
  const { tone, text } = trackerSentence(inventedTracker(changes), progress, now, null);
  return `${tone}: ${text}`;
}

test("a healthy tracker says when it was synced", () => {
  assert.equal(sentence({}), "ok: synced 12 s ago");
});

test("a running sync says how far it is", () => {
  assert.equal(sentence({}, { done: 1200, total: 4000 }), "busy: syncing, 1,200 of about 4,000");
  assert.equal(progressWords({ done: 1200, total: null }), "1,200 so far");
  // Never "5 of about 4" when there are more than expected.
  assert.equal(progressWords({ done: 5, total: 4 }), "5 of about 5");
});

test("an unhealthy tracker says what is wrong or what happens next", () => {
  assert.equal(sentence({ health: "auth" }), "bad: token rejected");
  assert.match(sentence({ health: "limited" }), /^warn: rate limited, resumes \d\d:\d\d$/);
  assert.match(sentence({ health: "unreachable" }), /^bad: unreachable, next try \d\d:\d\d$/);
  const full = { code: "internal", message: "The disk is full.", hint: "Make room." };
  assert.match(sentence({ health: "unreachable", error: full }), /^bad: sync fails, next try/);
  assert.equal(
    sentence({ health: "misconfigured", error: { code: "invalid_input", message: "No such workspace", hint: null } }),
    "bad: No such workspace",
  );
});

test("shows a source's problem even if its connection is healthy", () => {
  const source = { id: "s", name: "acme/app", project: "app", issues: 3, rejected: 0, lastSyncAt: null, error: null };
  assert.equal(sentence({ sources: [{ ...source, rejected: 3 }] }), "warn: 3 records unreadable");
  const error = { code: "not_found", message: "gone", hint: null };
  assert.equal(sentence({ sources: [{ ...source, error }] }), "warn: acme/app not synced");
});

test("shows warnings when there is nothing worse", () => {
  const warnings = [{ code: "invalid_input", message: "This clock is wrong.", hint: "Set it." }];
  assert.equal(sentence({ warnings }), "warn: This clock is wrong.");
  assert.equal(sentence({ warnings, health: "auth" }), "bad: token rejected");
});

test("claims no sync before the first one", () => {
  assert.equal(sentence({ lastSyncAt: null }), "off: waiting for first sync");
  assert.equal(sentence({ lastSyncAt: null, sources: [] }), "off: no repository chosen");
  assert.equal(sentence({ health: "not_configured" }), "off: not connected");
});

test("while the server is unreachable everything is a copy, and the tooltip says why", () => {
  const said = trackerSentence(inventedTracker(), null, now, now - 60_000);
  assert.equal(said.tone, "off");
  assert.match(said.text, /^offline, copy from \d\d:\d\d$/);
  assert.match(said.title, /The server isn’t responding/);
});

test("distinguishes named connections", () => {
  assert.equal(connectionLabel(inventedTracker()), "One");
  assert.equal(connectionLabel(inventedTracker({ connection: "work" })), "One · work");
});
