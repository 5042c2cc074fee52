import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { issueDraftId, readDraft, returnDraft, writeDraft } from "./drafts.ts";
import { reopenTextDraft } from "./use-text-draft.ts";

// No storage in this environment: drafts last as long as the page.
mock.method(console, "debug", () => undefined);

const issue = { source: "one:app", nativeId: "7" };

test("returns a rejected text to the draft, in front of what was typed since", () => {
  returnDraft("a comment", "first");
  assert.equal(readDraft("a comment"), "first");
  writeDraft("a comment", "second");
  returnDraft("a comment", "first");
  assert.equal(readDraft("a comment"), "first\n\nsecond");
});

test("reopens a rejected text with its base, but never over a newer draft", () => {
  const id = issueDraftId(issue, "body");
  const base = issueDraftId(issue, "body base");
  reopenTextDraft(issue, "body", "mine", "theirs");
  assert.deepEqual([readDraft(id), readDraft(base)], ["mine", "theirs"]);

  writeDraft(id, "mine, and more");
  writeDraft(base, "mine");
  reopenTextDraft(issue, "body", "mine", "theirs");
  assert.deepEqual([readDraft(id), readDraft(base)], ["mine, and more", "theirs"]);
});
