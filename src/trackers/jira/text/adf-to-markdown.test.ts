import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { marked } from "marked";
import { startEmulator } from "../../../../emulators/start.ts";
import { markdownToAdf } from "../../../../emulators/jira/markdown-to-adf.ts";
import { adfToMarkdown } from "./adf-to-markdown.ts";

const doc = (...content: unknown[]) => ({ type: "doc", version: 1, content });
const paragraph = (...content: unknown[]) => ({ type: "paragraph", content });
const text = (words: string, ...marks: unknown[]) => ({
  type: "text",
  text: words,
  ...(marks.length > 0 ? { marks } : {}),
});
const strong = { type: "strong" };
const em = { type: "em" };
const link = (href: string) => ({ type: "link", attrs: { href } });

describe("Atlassian documents to Markdown", () => {
  const cases: [string, unknown, string][] = [
    ["nothing", null, ""],
    ["an empty document", doc(), ""],
    ["a text instead of a document", "just text", "just text"],
    [
      "marks",
      doc(paragraph(text("a "), text("b", strong), text(" c", em), text("d", { type: "code" }))),
      "a **b** *c*`d`",
    ],
    ["spaces inside marks", doc(paragraph(text("a"), text(" b ", strong), text("c"))), "a **b** c"],
    ["marks in marks", doc(paragraph(text("a", strong), text("b", strong, em), text("c", strong))), "**a<em>b</em>c**"],
    ["links", doc(paragraph(text("here", link("https://a.example/(x)")))), "[here](<https://a.example/(x)>)"],
    ["addresses", doc(paragraph(text("https://a.example", link("https://a.example")))), "https://a.example"],
    [
      "addresses that would be read otherwise",
      doc(paragraph(text("https://a.example/*", link("https://a.example/*")), text("x"))),
      "[https://a.example/\\*](https://a.example/*)x",
    ],
    [
      "breaks",
      doc(
        paragraph(
          text("a"),
          { type: "hardBreak" },
          text("# b"),
          { type: "hardBreak" },
          { type: "hardBreak" },
          text("c"),
        ),
      ),
      "a\n\\# b\n\\\nc",
    ],
    [
      "marks that signs cannot make",
      doc(
        paragraph(
          text("a"),
          text("(b)", strong),
          text("c"),
          text("d", { type: "underline" }),
          text("e", { type: "subsup", attrs: { type: "sup" } }),
        ),
      ),
      "a<strong>(b)</strong>c<u>d</u><sup>e</sup>",
    ],
    [
      "lists that follow each other",
      doc(
        { type: "bulletList", content: [{ type: "listItem", content: [paragraph(text("a"))] }] },
        { type: "bulletList", content: [{ type: "listItem", content: [paragraph(text("b"))] }] },
      ),
      "- a\n\n* b",
    ],
    [
      "headings and rules",
      doc({ type: "heading", attrs: { level: 2 }, content: [text("T")] }, { type: "rule" }),
      "## T\n\n---",
    ],
    [
      "lists in lists",
      doc({
        type: "bulletList",
        content: [
          {
            type: "listItem",
            content: [
              paragraph(text("a")),
              {
                type: "orderedList",
                attrs: { order: 3 },
                content: [{ type: "listItem", content: [paragraph(text("b"))] }],
              },
            ],
          },
        ],
      }),
      "- a\n\n  3. b",
    ],
    [
      "tasks",
      doc({
        type: "taskList",
        content: [
          { type: "taskItem", attrs: { state: "DONE" }, content: [text("a")] },
          { type: "taskItem", attrs: { state: "TODO" }, content: [text("b")] },
        ],
      }),
      "- [x] a\n- [ ] b",
    ],
    [
      "code with a fence inside",
      doc({ type: "codeBlock", attrs: { language: "md" }, content: [text("```\nx\n```")] }),
      "````md\n```\nx\n```\n````",
    ],
    [
      "panels, expands and quotations",
      doc(
        { type: "panel", attrs: { panelType: "info" }, content: [paragraph(text("a"))] },
        { type: "expand", attrs: { title: "More" }, content: [paragraph(text("b"))] },
      ),
      "> a\n\n**More**\n\nb",
    ],
    [
      "tables",
      doc({
        type: "table",
        content: [
          {
            type: "tableRow",
            content: [
              { type: "tableHeader", content: [paragraph(text("H|h"))] },
              { type: "tableHeader", content: [] },
            ],
          },
          { type: "tableRow", content: [{ type: "tableCell", content: [paragraph(text("a")), paragraph(text("b"))] }] },
        ],
      }),
      "| H\\|h |  |\n| --- | --- |\n| a<br>b |  |",
    ],
    [
      "people, faces, days, states and cards",
      doc(
        paragraph(
          { type: "mention", attrs: { id: "1", text: "@Maren" } },
          text(" "),
          { type: "emoji", attrs: { shortName: ":smile:", text: "😄" } },
          text(" "),
          { type: "date", attrs: { timestamp: "1795305600000" } },
          text(" "),
          { type: "status", attrs: { text: "IN DOUBT" } },
          text(" "),
          { type: "inlineCard", attrs: { url: "https://a.example/x" } },
        ),
      ),
      "@Maren 😄 2026-11-22 IN DOUBT <https://a.example/x>",
    ],
    [
      "what comes new",
      doc({ type: "carousel", content: [{ type: "slide", content: [paragraph(text("kept"))] }] }),
      "kept",
    ],
    ["inline nodes without a paragraph", doc(text("a"), text("b")), "ab"],
  ];
  for (const [name, document, expected] of cases) {
    it(`converts ${name}`, () => assert.equal(adfToMarkdown(document), expected));
  }

  it("shows images by their name among the attachments, and names those it cannot find", () => {
    const media = (attrs: object) => doc({ type: "mediaSingle", content: [{ type: "media", attrs }] });
    const find = ({ name }: { name: string }) =>
      name === "a b.png" ? { name, url: "https://j.example/1/a b.png" } : null;
    assert.equal(
      adfToMarkdown(media({ type: "file", id: "u", alt: "a b.png" }), find),
      "![a b.png](https://j.example/1/a%20b.png)",
    );
    assert.equal(adfToMarkdown(media({ type: "file", id: "u", alt: "c.png" }), find), "\\[c.png\\]");
    assert.equal(
      adfToMarkdown(media({ type: "external", url: "https://x.example/y" }), find),
      "![image](https://x.example/y)",
    );
  });

  it("escapes text that Markdown would interpret", () => {
    for (const words of [
      "# no heading",
      "- no list",
      "12. no list",
      "> no quotation",
      "*not* _marked_ `at` **all** ~~here~~",
      "[no](link) ![no](image) [x]: y",
      "<b>no tag</b> &amp; &lt;",
      "snake_case_name and 2 * 3 * 4",
      "C:\\new\\table \\* \\",
      "a | b",
      "---",
      "===",
      "    no code",
      "https://a.example/x_y_z*",
      "1) no",
      "+ no",
    ]) {
      const html = marked.parse(adfToMarkdown(doc(paragraph(text(words)))), { async: false });
      assert.equal(textOf(html).trim(), words.trim(), adfToMarkdown(doc(paragraph(text(words)))));
    }
  });

  it("never fails, and loses no word of arbitrary documents", () => {
    fc.assert(
      fc.property(documents(), (document) => {
        const markdown = adfToMarkdown(document);
        for (const word of wordsOf(document)) assert.ok(markdown.includes(word), `${word} is missing in ${markdown}`);
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.anything(), (anything) => void adfToMarkdown(anything)),
      { numRuns: 500 },
    );
  });

  it("converts a document nested a hundred thousand levels deep", () => {
    let node: object = text("innermost");
    for (let depth = 0; depth < 100_000; depth++) node = { type: "blockquote", content: [node] };
    assert.ok(adfToMarkdown(doc(node)).includes("innermost"));
  });

  it("restores the texts of the demo company", async () => {
    const emulator = await startEmulator("jira", { issues: 400, seed: 3, sources: 4 });
    try {
      for (const { body } of emulator.world.issues()) {
        // Jira's columns have no alignment.
        assert.equal(adfToMarkdown(markdownToAdf(body)), body.replace("| ---: |", "| --- |"));
      }
    } finally {
      await emulator.close();
    }
  });
});

function textOf(html: string): string {
  return html
    .replace(/<[^>]+>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
}

const containers = [
  "paragraph",
  "heading",
  "bulletList",
  "orderedList",
  "listItem",
  "taskList",
  "taskItem",
  "blockquote",
  "panel",
  "table",
  "tableRow",
  "tableCell",
  "tableHeader",
  "codeBlock",
  "expand",
  "layoutSection",
  "mediaSingle",
  "unknown",
];

/** Documents with known and unknown nodes in any order; every text is a unique word. */
function documents() {
  let count = 0;
  const word = fc.constant(null).map(() => `w${(count += 1)}w`);
  const marks = fc.array(
    fc.constantFrom<object>(
      strong,
      em,
      { type: "code" },
      { type: "strike" },
      { type: "textColor" },
      link("https://a.example/b"),
    ),
    { maxLength: 3 },
  );
  const { node } = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.record({ type: fc.constant("text"), text: word, marks }),
      fc.record({
        type: fc.constantFrom(...containers),
        content: fc.array(tie("node"), { maxLength: 4 }),
      }),
    ),
  }));
  return fc.array(node, { maxLength: 5 }).map((content) => ({ type: "doc", version: 1, content }));
}

function wordsOf(value: unknown): string[] {
  return JSON.stringify(value).match(/w\d+w/g) ?? [];
}
