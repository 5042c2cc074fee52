import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { linearRefs } from "./refs.ts";

const team = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,6}$/);
const number = fc.integer({ min: 1, max: 999_999 });

it("parses what it formats, in any case", () => {
  fc.assert(
    fc.property(team, number, (letters, issue) => {
      const key = `${letters}-${issue}`;
      const written = linearRefs.format({ prefix: "", key });
      for (const text of [written, written.toLowerCase(), ` ${written} `]) {
        assert.deepEqual(linearRefs.parse(text), { key, prefix: null, sourceKey: null, host: null });
      }
    }),
  );
});

it("parses issue URLs", () => {
  fc.assert(
    fc.property(
      team,
      number,
      fc.constantFrom("", "/", "/some-title-2", "#comment-1", "/title?x=1"),
      (letters, issue, tail) => {
        assert.deepEqual(linearRefs.parse(`https://linear.app/acme/issue/${letters}-${issue}${tail}`), {
          key: `${letters}-${issue}`,
          prefix: null,
          sourceKey: null,
          host: "linear.app",
        });
      },
    ),
  );
});

it("ignores what is not an issue", () => {
  for (const text of [
    "",
    "MIN",
    "MIN-",
    "MIN-0",
    "MIN-01",
    "1MIN-2",
    "MIN 1",
    "app#4",
    "https://linear.app/acme/team/MIN",
    "https://linear.app/acme/project/MIN-1",
  ]) {
    assert.equal(linearRefs.parse(text), null, text);
  }
});
