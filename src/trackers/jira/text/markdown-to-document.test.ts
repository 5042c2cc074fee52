import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { adfFault } from "../../../../emulators/jira/adf-check.ts";
import { startEmulator } from "../../../../emulators/start.ts";
import { hasCode } from "../../conformance/assert-code.ts";
import { toMarkdown } from "./adf-to-markdown.ts";
import { fitDocument } from "./fit-document.ts";
import { markdownToDocument } from "./markdown-to-document.ts";
import { isSameDocument } from "./same-document.ts";
import { processorMs } from "../../../../test/support/processor-time.ts";

const toAdf = (markdown: string) => fitDocument(markdownToDocument(markdown));
const readBack = (markdown: string) => toMarkdown(toAdf(markdown));

describe("Markdown to Atlassian documents", () => {
  /** The Markdown read back; the same if omitted. */
  const cases: readonly (readonly [markdown: string, back?: string])[] = [
    [""],
    ["a\nb"],
    ["a  \nb\\\nc", "a\nb\nc"],
    ["# One\n\n## Two\n\n###### Six"],
    ["Title\n===", "# Title"],
    ["- a\n  - b\n    1. c\n- d"],
    ["3. three\n4. four"],
    ["* a\n+ b", "- a\n\n* b"],
    ["- [ ] a\n- [x] b\n  - [ ] c"],
    ["- [ ] a\n- b", "- [ ] a\n\n- b"],
    ["```ts\nconst a = 1;\n\n```\n\n````\n```\n````"],
    ["> a\n> b\n>\n> - c"],
    ["> ## Heading", "> **Heading**"],
    ["- a\n\n  ```make\n  all:\n  \tcc\t-o a\n  \t\t  deep\n  ```"],
    ["1. a\n   - b\n\n     ```\n     \tdeep\n       \tmixed\n     ```"],
    ["> - a\n>\n>   ```\n>   \tquoted\n>   ```"],
    ["- a\n\n\t```\n\t\tindented with tabs\n\t```", "- a\n\n  ```\n  \tindented with tabs\n  ```"],
    ["---"],
    ["| a | b |\n| --- | --- |\n| `x\\|y` | a<br>b \\| c |"],
    ["| a | b |\n| --- | --- |\n| x<br><br>y | z |"],
    ["**a _b_ c** ~~d~~ `e` _f_"],
    ["[words](https://a.example/b_c) https://a.example/b_c, <https://a.example/card> me@a.example"],
    ['[words](https://a.example "title")', "[words](https://a.example)"],
    ["a <u>b</u> <sup>c</sup>"],
    ["<div>\nx\n</div>", "\\<div>\nx\n\\</div>"],
    ["&amp; &lt;b&gt; &copy;", "& \\<b> ©"],
    ["\\# no heading\n\\- no list\n1\\. no list"],
    ["snake_case 2 * 3 * 4 C:\\new [x] @someone #12"],
    ["![alt](https://a.example/b.png)"],
    ["see ![alt](https://a.example/b.png)", "see [alt](https://a.example/b.png)"],
    ["one \\~a~\ntwo b~", "one \\~a\\~\ntwo b\\~"],
    ["~~a~ **b**~~", "~~a\\~~~ **~~b~~**"],
    ["🎉*~~*", "🎉<em>\\~\\~</em>"],
    [
      "https://a.example/x?a=1&copy=2 [b](https://a.example/?c&reg=1) &copy; &#65 &#1;",
      "https://a.example/x?a=1&copy=2 [b](https://a.example/?c&reg=1) © \\&#65 \ufffd",
    ],
    ["one \\~a **b~** c", "one \\~a **b\\~** c"],
    ["日本語 👩‍👩‍👧‍👦 ‮rtl"],
  ];
  for (const [markdown, back = markdown] of cases) {
    it(JSON.stringify(markdown), () => {
      const expected = markdown.includes("[x] @") ? "snake_case 2 * 3 * 4 C:\\new \\[x\\] @someone #12" : back;
      assert.equal(readBack(markdown), expected);
      assert.equal(adfFault(toAdf(markdown)), null);
    });
  }

  it("makes valid documents from any text, which read back with the same content", () => {
    const signs = [
      "*",
      "**",
      "_",
      "`",
      "```\n",
      "~~",
      "[",
      "]",
      "(",
      ")",
      "<",
      ">",
      "!",
      "#",
      "# ",
      "- ",
      "+ ",
      "1. ",
      "2) ",
      "\n",
      "\n\n",
      "\\",
      "|",
      "| a | b |\n|---|---|\n",
      "---",
      "===",
      "&amp;",
      "&",
      "https://a.example/x",
      "    ",
      "me@x.example",
      "<https://b.example>",
      "![i](https://x.y/p.png)",
      "[l](https://c.d)",
      "word",
      "é",
      "🎉",
      "<b>",
      "<br>",
      "> ",
      "- [ ] ",
      "- [x] ",
      "\t",
      "<u>",
      "</u>",
      "{",
      "}",
      " ",
    ];
    const text = fc
      .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...signs) }, { weight: 1, arbitrary: fc.string() }), {
        maxLength: 16,
      })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, (markdown) => {
        const document = toAdf(markdown);
        assert.equal(adfFault(JSON.parse(JSON.stringify(document))), null, markdown);
        const again = toAdf(toMarkdown(document));
        assert.ok(isSameDocument(document, again), JSON.stringify([markdown, toMarkdown(document)]));
      }),
      {
        numRuns: 600,
        examples: [
          ["- [ ] <br>\n<b>"],
          ["https://a.example/x<u></u>)https://a.example/x"],
          ["\\\\\\| a | b |\n|---|---|\n"],
          ["- # - *0*0"],
          ["*<br>-|"],
          ["~\\    *!*~"],

          ["🎉*~~*"],
          ["- x\n\n\t*"],
          ["- x\n\n  2. y"],
          ["- + *"],
          ["- + * -"],
          ["!\\~!~*"],
          ["!\\~| a | b |\n|---|---|\n!~!"],
        ],
      },
    );
  });

  it("loses no word", () => {
    const blocks = [
      "# ",
      "- ",
      "> ",
      "1. ",
      "- [ ] ",
      "| ",
      "**",
      "`",
      "\n",
      "\n\n",
      "[",
      "](https://a.example) ",
      "<b>",
    ];
    let count = 0;
    const word = fc.constant(null).map(() => `w${(count += 1)}w `);
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...blocks), word), { maxLength: 30 }), (parts) => {
        // The info string after a fence is not text.
        const markdown = parts.join("").replaceAll(/```[^\n]*/g, "```");
        const document = JSON.stringify(toAdf(markdown));
        for (const one of markdown.match(/w\d+w/g) ?? []) assert.ok(document.includes(one), markdown);
      }),
      { numRuns: 300 },
    );
  });

  it("restores the texts of the demo company", async () => {
    const emulator = await startEmulator("jira", { issues: 400, seed: 3, sources: 4 });
    try {
      for (const { body } of emulator.world.issues()) {
        // Jira's columns have no alignment.
        assert.equal(readBack(body), body.replace("| ---: |", "| --- |"));
      }
    } finally {
      await emulator.close();
    }
  });

  it("refuses excessive nesting, and accepts a megabyte", () => {
    assert.throws(() => toAdf(`${">".repeat(200_000)} a`), hasCode("invalid_input"));
    const text = "äöü 🎉 *a* [b](https://a.example) `c`\n\n".repeat(25_000);
    assert.ok(processorMs(() => toAdf(text)) < 10_000);
  });
});
