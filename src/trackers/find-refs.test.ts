import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createFindRefs } from "./find-refs.ts";
import { github } from "./github/index.ts";
import { gitlab } from "./gitlab/index.ts";
import { jira } from "./jira/index.ts";
import { linear } from "./linear/index.ts";
import { rally } from "./rally/index.ts";
import { processorMs } from "../../test/support/processor-time.ts";

// These five, whatever other trackers there are.
const trackers = [github, linear, gitlab, jira, rally];
const findRefs = createFindRefs(trackers);

/** The readings found in a text, as `tracker: address`. */
function read(text: string, tracker = "linear"): string[] {
  return findRefs(text, tracker).flatMap(({ readings }) =>
    readings.map((reading) => {
      const place = reading.host ?? "";
      const source = reading.sourceKey ?? reading.prefix ?? "";
      return `${reading.tracker}: ${place}${place && source ? "/" : ""}${source}${reading.key}${reading.nativeId ?? ""}`;
    }),
  );
}

describe("finding refs", () => {
  it("reads every tracker's refs and URLs", () => {
    assert.deepEqual(read("Waits for panopticon#45."), ["github: panopticon#45", "gitlab: panopticon!45"]);
    assert.deepEqual(read("(acme/shop#7)"), ["github: acme/shop#7", "gitlab: acme/shop!7"]);
    assert.deepEqual(read("see **MIN-123**, then"), ["linear: MIN-123", "jira: MIN-123"]);
    assert.deepEqual(read("and myproject!23!"), ["gitlab: myproject!23"]);
    assert.deepEqual(read("US1234: blocked"), ["rally: US1234"]);
    assert.deepEqual(read("[it](https://github.com/acme/shop/issues/7#issuecomment-1), and"), [
      "github: github.com/acme/shop#7",
      "gitlab: github.com/acme/shop!7",
    ]);
    assert.deepEqual(read("<https://linear.app/acme/issue/MIN-9/some-title>"), ["linear: linear.appMIN-9"]);
    assert.deepEqual(read("https://gitlab.com/group/sub/app/-/issues/4."), ["gitlab: gitlab.com/group/sub/app!4"]);
    assert.deepEqual(read("https://acme.atlassian.net/browse/PROJ-88"), ["jira: acme.atlassian.netPROJ-88"]);
    assert.deepEqual(read("https://rally1.rallydev.com/#/123d/detail/userstory/456"), [
      "rally: rally1.rallydev.com456",
    ]);
  });

  it("reads lists of related issues", () => {
    const text = "## Related issues:\n- panopticon!4\n- [ ] MIN-1: soon\n\nRelated issues: US12, #5";
    assert.deepEqual(read(text), ["gitlab: panopticon!4", "linear: MIN-1", "jira: MIN-1", "rally: US12"]);
  });

  it("reads short forms only in texts of their own tracker", () => {
    assert.deepEqual(read("fixes #45", "github"), ["github: #45"]);
    assert.deepEqual(read("fixes #45", "gitlab"), ["gitlab: !45"]);
    assert.deepEqual(read("fixes #45", "jira"), []);
    assert.deepEqual(read("fixes !45", "github"), []);
  });

  it("reads !23 in GitLab's texts as a merge request", () => {
    assert.deepEqual(read("merged in !23, app!23 and group/app!23", "gitlab"), []);
    assert.deepEqual(read("https://gitlab.com/group/app/-/merge_requests/23", "gitlab"), []);
    assert.deepEqual(read("merged in https://github.com/acme/shop/pull/23", "github"), []);
    assert.deepEqual(read("group/app#23", "gitlab"), ["github: group/app#23", "gitlab: group/app!23"]);
  });

  it("skips code and comments", () => {
    const hidden = [
      "`MIN-1`",
      "``a ` MIN-1``",
      "a `b\nMIN-1` c",
      "```\nMIN-1\n```",
      "```js\nMIN-1\n``\nMIN-1",
      "~~~~\nMIN-1\n~~~\n```\nMIN-1\n~~~~",
      "- item\n  ```\n  MIN-1\n  ```",
      "> ```\n> MIN-1\n> ```",
      "text\n\n    MIN-1\n",
      "<!-- fixes MIN-1\n\nMIN-2 -->",
      "<code>MIN-1</code> <PRE class=x>MIN-1\n\nMIN-2</PRE>",
    ];
    for (const text of hidden) assert.deepEqual(read(text), [], text);
    const shown = ["a ` MIN-1", "\\`MIN-1`", "`a`` MIN-1", "- item\n\n    MIN-1", "text\n    MIN-1", "<code>MIN-1"];
    for (const text of shown) assert.deepEqual(read(text), ["linear: MIN-1", "jira: MIN-1"], text);
  });

  it("skips what only looks like a ref", () => {
    const texts = [
      "ann@min-1.test",
      "&#45;",
      "--jobs-4",
      "src/min-1/a",
      "feature/MIN-1-slug",
      "MIN-0",
      "v2 F5 utf8",
      "🙂é-1",
    ];
    for (const text of texts) assert.deepEqual(read(text, "github"), [], text);
  });

  it("never throws, and finds a ref in any prose", () => {
    const noise = fc.string({
      unit: fc.constantFrom(..."ab1 \n\t`~<>!#-./:()[]&@é🙂\u0000\ud800".split("")),
      maxLength: 200,
    });
    const tracker = fc.constantFrom(...trackers.map(({ id }) => id), "other");
    fc.assert(
      fc.property(noise, tracker, (text, own) => {
        for (const { written, readings } of findRefs(text, own)) {
          assert.ok(text.includes(written) && readings.length > 0);
        }
      }),
      { numRuns: 500 },
    );
    const words = fc.array(fc.stringMatching(/^[a-z]{1,8}[,.]?$/), { maxLength: 30 }).map((list) => list.join(" "));
    fc.assert(
      fc.property(words, words, fc.integer({ min: 1, max: 1e6 }), (before, after, number) => {
        assert.ok(
          findRefs(`${before} MIN-${number} ${after}`, "linear").some(({ written }) => written === `MIN-${number}`),
        );
      }),
    );
  });

  it("takes time linear in the length of hostile texts", () => {
    const pieces = [
      "`",
      "` ``",
      "<code",
      "<!--",
      "<pre>",
      "```\n",
      "~~~\n",
      "    a-1\n",
      "#1",
      "a/",
      "a/a#",
      "https://",
      "https://a/b?&",
      "MIN-1",
      "MIN-1 ",
      "!",
      "http://a/detail/",
      "http://a/#/detail/a/",
      "\\`",
      "> - ",
      "1. ",
      "\n\n",
      "[",
      "&",
      "a-1-",
      "_",
    ];
    const time = (text: string) => processorMs(() => findRefs(text, "gitlab"));
    for (const piece of pieces) {
      const text = piece.repeat(1_000_000 / piece.length);
      const best = Math.min(time(text), time(text));
      assert.ok(best < 2_000, `${JSON.stringify(piece)}: ${best.toFixed()} ms for 1 MB`);
    }
  });
});
