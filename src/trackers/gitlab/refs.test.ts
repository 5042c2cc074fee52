import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { gitlabRefs } from "./refs.ts";

const word = fc.stringMatching(/^[A-Za-z0-9_.][A-Za-z0-9_.-]{0,19}$/);
const path = fc.array(word, { minLength: 2, maxLength: 5 }).map((words) => words.join("/"));
const number = fc.integer({ min: 1, max: 9_999_999 });

it("parses what it formats", () => {
  fc.assert(
    fc.property(fc.oneof(word, fc.constant("")), number, (prefix, issue) => {
      const key = `!${issue}`;
      const parsed = gitlabRefs.parse(gitlabRefs.format({ prefix, key }));
      assert.deepEqual(parsed, { key, prefix: prefix === "" ? null : prefix, sourceKey: null, host: null });
    }),
  );
});

it("also accepts GitLab's own # if the ref names a project", () => {
  fc.assert(
    fc.property(word, number, (prefix, issue) => {
      const expected = { key: `!${issue}`, prefix, sourceKey: null, host: null };
      assert.deepEqual(gitlabRefs.parse(` ${prefix}#${issue} `), expected);
    }),
  );
});

it("parses the project if the ref contains its path", () => {
  fc.assert(
    fc.property(path, number, fc.constantFrom("#", "!"), (sourceKey, issue, sign) => {
      const expected = { key: `!${issue}`, prefix: null, sourceKey, host: null };
      assert.deepEqual(gitlabRefs.parse(`${sourceKey}${sign}${issue}`), expected);
    }),
  );
});

it("parses the URLs of issues, incidents and work items, with any suffix", () => {
  const tails = fc.constantFrom("", "/", "#note_1", "?show=eyJpaWQiOiIxIn0%3D", "/designs");
  const kinds = fc.constantFrom("-/issues", "issues", "-/work_items", "-/issues/incident");
  fc.assert(
    fc.property(
      path.filter((text) => !text.startsWith("groups/")),
      number,
      kinds,
      tails,
      (sourceKey, issue, kind, tail) => {
        assert.deepEqual(gitlabRefs.parse(`https://GitLab.example:8443/${sourceKey}/${kind}/${issue}${tail}`), {
          key: `!${issue}`,
          prefix: null,
          sourceKey,
          host: "gitlab.example:8443",
        });
      },
    ),
  );
});

it("ignores what is not an issue of a project", () => {
  for (const text of [
    "",
    "23",
    "!",
    "#",
    // GitHub's form, inside one of its projects.
    "#23",
    "!0",
    "!04",
    "!x",
    "a b!4",
    "/a/b!4",
    "a//b#4",
    "-/b#4",
    "MIN-123",
    "https://gitlab.com/g/p/-/merge_requests/4",
    "https://gitlab.com/g/p/-/issues",
    "https://gitlab.com/g/p",
    "https://gitlab.com/p/-/issues/4",
    "https://gitlab.com/groups/g/-/epics/4",
    "https://gitlab.com/groups/g/sub/-/work_items/4",
  ]) {
    assert.equal(gitlabRefs.parse(text), null, text);
  }
  fc.assert(
    fc.property(fc.string(), (text) => {
      const parsed = gitlabRefs.parse(text);
      assert.ok(parsed === null || /^![1-9]\d*$/.test(parsed.key));
    }),
  );
});
