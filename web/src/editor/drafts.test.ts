import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { issueDraftId, readDraft, returnDraft, writeDraft } from "./drafts.ts";
import { reopenTextDraft } from "./use-text-draft.ts";

// There is no storage here: drafts last as long as the page.
mock.method(console, "debug", () => undefined);

const issue = { source: "one:app", nativeId: "7" };

test("what was sent and not taken is given back, before what has been begun since", () => {
  returnDraft("a comment", "first");
  assert.equal(readDraft("a comment"), "first");
  writeDraft("a comment", "second");
  returnDraft("a comment", "first");
  assert.equal(readDraft("a comment"), "first\n\nsecond");
});

test("a text that was refused is opened as it was, but not over what is being written again", () => {
  const id = issueDraftId(issue, "body");
  const base = issueDraftId(issue, "body base");
  reopenTextDraft(issue, "body", "mine", "theirs");
  assert.deepEqual([readDraft(id), readDraft(base)], ["mine", "theirs"]);

  writeDraft(id, "mine, and more");
  writeDraft(base, "mine");
  reopenTextDraft(issue, "body", "mine", "theirs");
  assert.deepEqual([readDraft(id), readDraft(base)], ["mine, and more", "theirs"]);
});
