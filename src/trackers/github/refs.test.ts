import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { githubRefs, parentKeyOf } from "./refs.ts";

const word = fc.stringMatching(/^[A-Za-z0-9_.-]{1,20}$/);
const number = fc.integer({ min: 1, max: 9_999_999 });

it("parses what it formats", () => {
  fc.assert(
    fc.property(fc.oneof(word, fc.constant("")), number, (prefix, issue) => {
      const key = `#${issue}`;
      const parsed = githubRefs.parse(githubRefs.format({ prefix, key }));
      assert.deepEqual(parsed, { key, prefix: prefix === "" ? null : prefix, sourceKey: null, host: null });
    }),
  );
});

it("parses the repository if the ref names it", () => {
  fc.assert(
    fc.property(word, word, number, (owner, name, issue) => {
      const sourceKey = `${owner}/${name}`;
      assert.deepEqual(githubRefs.parse(`${sourceKey}#${issue}`), {
        key: `#${issue}`,
        prefix: null,
        sourceKey,
        host: null,
      });
      for (const tail of ["", "/", "#issuecomment-1", "?a=b"]) {
        assert.deepEqual(githubRefs.parse(`https://GitHub.com/${sourceKey}/issues/${issue}${tail}`), {
          key: `#${issue}`,
          prefix: null,
          sourceKey,
          host: "github.com",
        });
      }
    }),
  );
});

it("ignores what is not an issue", () => {
  for (const text of [
    "",
    "45",
    "#",
    "#0",
    "#04",
    "#x",
    "a b#4",
    "MIN-123",
    "app!4",
    "https://github.com/o/r/pull/4",
    "https://github.com/o/r",
    "a/b/c#4",
  ]) {
    assert.equal(githubRefs.parse(text), null, text);
  }
  fc.assert(
    fc.property(fc.string(), (text) => {
      const parsed = githubRefs.parse(text);
      assert.ok(parsed === null || /^#[1-9]\d*$/.test(parsed.key));
    }),
  );
});

it("names a parent by key, including the repository if it is another one", () => {
  assert.equal(parentKeyOf("https://api.github.com/repos/o/r/issues/7", "O/R"), "#7");
  assert.equal(parentKeyOf("https://ghe.example/api/v3/repos/o/other/issues/7", "o/r"), "o/other#7");
  assert.equal(parentKeyOf("https://api.github.com/repos/o/r", "o/r"), null);
});
