import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isTypingMistake, nearestWord } from "./nearest-word.ts";

const statuses = ["backlog", "planning", "in_progress", "in_review", "done", "canceled"];

for (const [written, meant] of [
  ["in_progres", "in_progress"],
  ["In Progress", "in_progress"],
  ["cancelled", "canceled"],
  ["bakclog", "backlog"],
  ["plan", "planning"],
  ["dnoe", "done"],
  ["zebra", undefined],
  ["", undefined],
] as const) {
  test(`the nearest word to "${written}" is ${meant ?? "none"}`, () => {
    assert.equal(nearestWord(written, statuses), meant);
  });
}

test("returns the nearer of two near words", () => {
  assert.equal(nearestWord("github_rep", ["gitlab_project", "github_team", "github_repo"]), "github_repo");
});

test("a known word is its own nearest word", () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 8 }), (words) => {
      const word = words[0] ?? "";
      assert.equal(nearestWord(word, words.toReversed()), word);
    }),
  );
});

test("any text returns a known word or undefined", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      const answer = nearestWord(text, statuses);
      assert.ok(answer === undefined || statuses.includes(answer));
    }),
  );
});

for (const [word, other, mistaken] of [
  ["frontned", "frontend", true],
  ["documentatoin", "documentation", true],
  ["bugs", "bug", false],
  ["bugfix", "bug", false],
  ["v2", "v1", false],
  ["release 2", "release 1", false],
  ["blog", "flag", false],
  ["backend", "backlog", false],
  ["Bakcend", "backend", true],
] as const) {
  test(`"${word}" is ${mistaken ? "" : "not "}a likely typo of "${other}"`, () => {
    assert.equal(isTypingMistake(word, other), mistaken);
    assert.equal(isTypingMistake(other, word), mistaken);
  });
}
