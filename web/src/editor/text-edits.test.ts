import assert from "node:assert/strict";
import { test } from "node:test";
import { continueList, makeLink, type Replacement, tickTask, toggleLines, toggleMark } from "./text-edits.ts";

/** Parses `a|bc|d`: the bars enclose the selection. */
function selected(marked: string) {
  const start = marked.indexOf("|");
  const end = marked.lastIndexOf("|");
  const text = marked.replaceAll("|", "");
  return { text, start, end: end === start ? start : end - 1 };
}

function after(marked: string, edit: (from: ReturnType<typeof selected>) => Replacement | null): string | null {
  const before = selected(marked);
  const replacement = edit(before);
  if (replacement === null) return null;
  const { from, to, insert, start, end } = replacement;
  const text = before.text.slice(0, from) + insert + before.text.slice(to);
  return `${text.slice(0, start)}|${text.slice(start, end)}|${text.slice(end)}`;
}

test("toggles a mark around the selection", () => {
  assert.equal(
    after("see |this| word", (text) => toggleMark(text, "**")),
    "see **|this|** word",
  );
  assert.equal(
    after("see **|this|** word", (text) => toggleMark(text, "**")),
    "see |this| word",
  );
  assert.equal(
    after("|", (text) => toggleMark(text, "`")),
    "`||`",
  );
});

test("a link selects the part still to be typed", () => {
  assert.equal(after("|docs|", makeLink), "[docs](|url|)");
  assert.equal(after("|https://a.example/b|", makeLink), "[||](https://a.example/b)");
});

test("toggles a line prefix on all selected lines", () => {
  assert.equal(
    after("one\ntw|o\nthr|ee", (text) => toggleLines(text, "- ")),
    "one\n- tw|o\n- three|",
  );
  assert.equal(
    after("- |one\n- two|", (text) => toggleLines(text, "- ")),
    "|one\ntwo|",
  );
});

test("Enter continues a list, and ends it on an empty item", () => {
  assert.equal(after("- one|", continueList), "- one\n- ||");
  assert.equal(after("9. one|", continueList), "9. one\n10. ||");
  assert.equal(after("  * [x] one|", continueList), "  * [x] one\n  * [ ] ||");
  assert.equal(after("- one\n- |", continueList), "- one\n||");
  assert.equal(after("one|", continueList), null);
});

test("ticks a task in place, but not in code", () => {
  const text = "- [ ] one\n```\n- [ ] code\n```\n> 1. [x] two\n- [ ]three\n* [ ] four";
  assert.equal(tickTask(text, 0, true).split("\n")[0], "- [x] one");
  assert.equal(tickTask(text, 1, false).split("\n")[4], "> 1. [ ] two");
  assert.equal(tickTask(text, 2, true).split("\n")[6], "* [x] four");
  assert.equal(tickTask(text, 9, true), text);
});
