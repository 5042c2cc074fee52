import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDraft, type Draft } from "./draft.ts";

const cases: readonly [typed: string, draft: Draft][] = [
  ["", { text: "", typing: null }],
  ["write conflict", { text: "write conflict", typing: null }],
  ["label:", { text: "", typing: { key: "label", value: "" } }],
  ["label:in rev", { text: "", typing: { key: "label", value: "in rev" } }],
  ['crash label:"in review"', { text: "crash", typing: { key: "label", value: "in review" } }],
  ['label:"in rev', { text: "", typing: { key: "label", value: "in rev" } }],
  ["late label:type::bug", { text: "late", typing: { key: "label", value: "type::bug" } }],
  ["label:type::", { text: "", typing: { key: "label", value: "type::" } }],
  ["label:a status:in", { text: "label:a", typing: { key: "status", value: "in" } }],
  ["STATUS:done", { text: "", typing: { key: "status", value: "done" } }],
  ["http://example.com", { text: "http://example.com", typing: null }],
  ["note: read this", { text: "note: read this", typing: null }],
  ["mylabel:x", { text: "mylabel:x", typing: null }],
];

for (const [typed, draft] of cases) {
  test(`“${typed}” is ${draft.typing === null ? "text" : `a condition on ${draft.typing.key}`}`, () => {
    assert.deepEqual(parseDraft(typed), draft);
  });
}
