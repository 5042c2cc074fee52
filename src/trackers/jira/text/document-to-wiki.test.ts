import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { startEmulator } from "../../../../emulators/start.ts";
import { hasCode } from "../../conformance/assert-code.ts";
import { type Mark, type Node, plainText } from "./document.ts";
import { documentToWiki } from "./document-to-wiki.ts";
import { markdownToDocument } from "./markdown-to-document.ts";
import { isSameDocument } from "./same-document.ts";
import { wikiToDocument, wikiToMarkdown } from "./wiki-to-markdown.ts";

const toWiki = (markdown: string) => documentToWiki(markdownToDocument(markdown));

describe("documents to wiki markup", () => {
  const cases: readonly (readonly [markdown: string, wiki: string])[] = [
    ["a\nb _c_ **d** ~~e~~ `f`", "a\nb _c_ *d* -e- {{f}}"],
    ["x**y**z H<sub>2</sub>O", "x{*}y{*}z H{~}2{~}O"],
    ["# h\n\n- a\n  1. b\n- c", "h1. h\n\n* a\n*# b\n* c"],
    ["- [ ] a\n- [x] b\n  - [ ] c", "* \\[ \\] a\n* \\[x\\] b\n** \\[ \\] c"],
    ["> q\n>\n> - x", "{quote}\nq\n\n* x\n{quote}"],
    ["```js\na{b}\n```", "{code:js}\na{b}\n{code}"],
    ["```\nx\n```", "{noformat}\nx\n{noformat}"],
    ["| a | b |\n| --- | --- |\n| `x\\|y` | a<br>b \\| c |", "||a||b||\n|{{x\\|y}}|a\\\\b \\| c|"],
    ["[l](https://c.d/e) <https://x.y> https://z.w/a_b.", "[l|https://c.d/e] [https://x.y] https://z.w/a_b."],
    ["\\# x\n\\- y\nh1. z", "\\# x\n\\- y\nh1\\. z"],
    ["C:\\new \\* {x} !z! (x)", "C:&#92;new \\* \\{x\\} \\!z\\! \\(x)"],
    ["✔ 👍", "(/) (y)"],
    ["(~~)~~ (**)**", "({-}){-} ({*}){*}"],
    ["![a](https://a.example/b.png)", "!https://a.example/b.png!"],
    ["---", "----"],
  ];
  for (const [markdown, wiki] of cases) {
    it(JSON.stringify(markdown), () => {
      const picture = ({ url, alt }: { url: string; alt: string }): Node => ({
        type: "mediaInline",
        attrs: { url, alt },
      });
      const kept = { inline: new Map(), media: new Map(), cards: new Map(), newPicture: picture };
      assert.equal(documentToWiki(markdownToDocument(markdown, kept)), wiki);
    });
  }

  it("reads back as what was written", () => {
    const document = documents();
    fc.assert(
      fc.property(document, (one) => {
        const wiki = documentToWiki(one);
        assert.ok(isSameDocument(one, wikiToDocument(wiki)), `${JSON.stringify(one)} → ${JSON.stringify(wiki)}`);
      }),
      { numRuns: 500 },
    );
  });

  it("restores the texts of the demo company", async () => {
    const emulator = await startEmulator("jira", { issues: 400, seed: 3, sources: 4 });
    try {
      for (const { body } of emulator.world.issues()) {
        assert.equal(wikiToMarkdown(toWiki(body)), body.replace("| ---: |", "| --- |"));
      }
    } finally {
      await emulator.close();
    }
  });

  it("loses no word if wiki markup cannot nest what Markdown can", () => {
    const markdown = "- a\n\n  b\n\n  ```\n  c\n  ```\n\n  > d\n  > > e\n- f\n\n> - g\n>\n>   h";
    const back = wikiToMarkdown(toWiki(markdown));
    for (const word of ["a", "b", "c", "d", "e", "f", "g", "h"]) assert.ok(back.includes(word), back);
  });

  it("refuses code that contains its own end", () => {
    assert.throws(() => toWiki("```\n{code} {noformat}\n```"), hasCode("unsupported"));
    assert.equal(toWiki("```\n{noformat}\n```"), "{code}\n{noformat}\n{code}");
  });
});

/** Documents with everything that wiki markup supports, and with its special characters in their texts. */
function documents(): fc.Arbitrary<Node> {
  const sign = fc.constantFrom(
    "a",
    "É",
    "*",
    "_",
    "-",
    "+",
    "^",
    "~",
    "??",
    "!",
    "|",
    "{",
    "}",
    "{code}",
    "[",
    "]",
    "(x)",
    "(",
    ")",
    "\\",
    "&#60;",
    "#",
    "h1.",
    "bq.",
    "https://a.example/x_y-z",
    "✔",
    "{{",
    "}}",
    "----",
    "@me",
    ":)",
    "{color:red}",
    "[~me]",
  );
  const words = fc
    .array(fc.oneof(sign, fc.string({ maxLength: 3 })), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join(" ").replaceAll("\u0000", "").replace(/\s+/g, " ").trim())
    .filter((text) => text !== "");
  const marks = fc.constantFrom<readonly Mark[]>(
    [],
    [],
    [{ type: "strong" }],
    [{ type: "em" }],
    [{ type: "strike" }],
    [{ type: "code" }],
    [{ type: "strong" }, { type: "em" }],
    [{ type: "link", attrs: { href: "https://a.example/q" } }],
    [{ type: "underline" }],
  );
  const text = fc.tuple(words, marks).map(([own, marked]): Node => ({
    type: "text",
    text: own,
    ...(marked.length > 0 ? { marks: marked } : {}),
  }));
  const line = fc.array(text, { minLength: 1, maxLength: 4 });
  const paragraph = fc.array(line, { minLength: 1, maxLength: 3 }).map((lines): Node => ({
    type: "paragraph",
    content: lines.flatMap((own, index) => (index === 0 ? own : [{ type: "hardBreak" }, ...own])),
  }));
  const oneLine = line.map((content): Node => ({ type: "paragraph", content }));
  // A list item starting with `[ ]` would be a task.
  const item = oneLine.filter((one) => !/^\s*\[[ xX]\](?:\s|$)/.test(plainText(one)));
  const { list } = fc.letrec<{ list: Node }>((tie) => ({
    list: fc
      .tuple(
        fc.constantFrom("bulletList", "orderedList"),
        fc.array(fc.tuple(item, fc.option(tie("list"), { nil: null, depthIdentifier: "list", maxDepth: 2 })), {
          minLength: 1,
          maxLength: 3,
        }),
      )
      .map(([type, items]): Node => ({
        type,
        content: items.map(([own, below]) => ({ type: "listItem", content: below === null ? [own] : [own, below] })),
      })),
  }));
  const code = fc
    .tuple(fc.string({ maxLength: 20 }), fc.constantFrom("", "js"))
    .filter(([own]) => !/\{(?:code|noformat|quote)\}|\r/.test(own))
    .map(([own, language]): Node => ({
      type: "codeBlock",
      attrs: { language },
      content: own === "" ? [] : [{ type: "text", text: own }],
    }));
  const heading = fc
    .tuple(line, fc.integer({ min: 1, max: 6 }))
    .map(([content, level]): Node => ({ type: "heading", attrs: { level }, content }));
  const table = fc
    .array(fc.array(oneLine, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 3 })
    .map((rows): Node => ({
      type: "table",
      content: rows.map((cells, index) => ({
        type: "tableRow",
        content: cells.map((cell) => ({ type: index === 0 ? "tableHeader" : "tableCell", content: [cell] })),
      })),
    }));
  const block = fc.oneof(paragraph, paragraph, list, code, heading, table, fc.constant<Node>({ type: "rule" }));
  return fc.array(block, { minLength: 1, maxLength: 4 }).map((content) => ({ type: "doc", content }));
}
