import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { wikiToMarkdown } from "./wiki-to-markdown.ts";
import { processorMs } from "../../../../test/support/processor-time.ts";

describe("wiki markup to Markdown", () => {
  const cases: [string, string][] = [
    ["", ""],
    ["h2. Title", "## Title"],
    ["*bold* _em_ -gone- +under+ {{code}} ??cited??", "**bold** _em_ ~~gone~~ <u>under</u> `code` _cited_"],
    ["a\nb", "a\nb"],
    ["a\\\\b", "a\nb"],
    ["a{*}b{*}c ^up^ ~down~", "a**b**c <sup>up</sup> <sub>down</sub>"],
    ["* [ ] open\n* [x] done\n** \\[ \\] below", "- [ ] open\n- [x] done\n  - [ ] below"],
    ["|a \\| b|[c|https://a.example]|", "|  |  |\n| --- | --- |\n| a \\| b | [c](https://a.example) |"],
    ["{jira:key=A-1} {status}", "{jira:key=A-1} {status}"],
    ["* a\n** b\n* c", "- a\n  - b\n- c"],
    ["# a\n# b\n#* c", "1. a\n2. b\n   - c"],
    ["||H||I||\n|a|[x|https://a.example]|", "| H | I |\n| --- | --- |\n| a | [x](https://a.example) |"],
    ["{code:java}\nint *a*;\n{code}", "```java\nint *a*;\n```"],
    ["{code:title=A.java|language=java}\nx\n{code}", "**A.java**\n\n```java\nx\n```"],
    ["{noformat}\n{x}\n{noformat}", "```\n{x}\n```"],
    ["{quote}\na\n\nb\n{quote}", "> a\n>\n> b"],
    ["bq. said", "> said"],
    ["{panel:title=Note}\na\n{panel}", "> **Note**\n>\n> a"],
    ["----", "---"],
    ["[words|https://a.example/x] [https://b.example]", "[words](https://a.example/x) <https://b.example>"],
    ["[~maren] [not a link] [^file.txt]", "@maren \\[not a link\\] \\[file.txt\\]"],
    ["{color:red}red *bold*{color}", "red **bold**"],
    ["snake_case_name 2*3*4 a-b-c", "snake_case_name 2\\*3\\*4 a-b-c"],
    ["\\*not bold\\* &#92;", "\\*not bold\\* \\\\"],
    ["(/) done (x) not", "✔ done ✘ not"],
    ["https://a.example/a_b_c-d-e", "https://a.example/a_b_c-d-e"],
    ["{code}never ends", "{code}never ends"],
    ["*never ends", "\\*never ends"],
    ["# 1 is no heading", "1. 1 is no heading"],
  ];
  for (const [wiki, expected] of cases) {
    it(JSON.stringify(wiki), () => assert.equal(wikiToMarkdown(wiki), expected));
  }

  it("shows images by their name among the attachments", () => {
    const find = ({ name }: { name: string }) => (name === "a.png" ? { name, url: "https://j.example/a.png" } : null);
    assert.equal(wikiToMarkdown("see !a.png|thumbnail!", find), "see ![a.png](https://j.example/a.png)");
    assert.equal(wikiToMarkdown("Great! Really! ok", find), "Great! Really! ok");
  });

  it("never fails, and loses no word", () => {
    const signs = [
      "*",
      "_",
      "-",
      "+",
      "{{",
      "}}",
      "[",
      "]",
      "|",
      "||",
      "\n",
      "\n\n",
      "\\",
      " ",
      "{code}",
      "{quote}",
      "{panel:title=",
      "}",
      "h1. ",
      "* ",
      "# ",
      "bq. ",
      "!",
      "{color:red}",
      "??",
      "{noformat}",
      "(/)",
      "----",
      "&#",
      ";",
    ];
    const sign = fc.constantFrom(...signs);
    let count = 0;
    const word = fc.constant(null).map(() => `w${(count += 1)}w`);
    fc.assert(
      fc.property(fc.array(fc.oneof(sign, word), { maxLength: 40 }), (parts) => {
        const wiki = parts.join("");
        const markdown = wikiToMarkdown(wiki);
        for (const one of wiki.match(/w\d+w/g) ?? []) {
          // A macro's parameters and a link's third part are not text.
          if (new RegExp(`\\{[^{}\\n]*${one}[^{}\\n]*\\}|\\[[^\\]\\n]*\\|[^\\]\\n]*${one}|!w\\d`).test(wiki)) continue;
          assert.ok(markdown.includes(one), `${JSON.stringify(wiki)} → ${JSON.stringify(markdown)}`);
        }
      }),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.string(), (text) => void wikiToMarkdown(text)));
  });

  it("reads a megabyte of unclosed marks in time", () => {
    const text = "*a _b -c [d {e ".repeat(20_000);
    assert.ok(processorMs(() => wikiToMarkdown(text)) < 5_000);
  });
});
