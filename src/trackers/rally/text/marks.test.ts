import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Parser } from "htmlparser2";
import { htmlToMarkdown } from "./html-to-markdown.ts";
import { markdownToHtml } from "./markdown-to-html.ts";

const server = "https://rally.example";
const there = (html: string) => htmlToMarkdown(html, server);
const back = (markdown: string) => markdownToHtml(markdown, server);

describe("marked text of Rally's editor", () => {
  for (const [html, markdown] of [
    ["<b>Steps:</b> open it", "**Steps:** open it"],
    ["<b>Steps:</b>open it", "<strong>Steps:</strong>open it"],
    ["<b>Steps:</b><br>open it", "**Steps:**  \nopen it"],
    ["a<b>(x)</b>", "a<strong>(x)</strong>"],
    ["in<b>side</b>word", "in**side**word"],
    ["<b>one</b><b>two</b>", "**one**<strong>two</strong>"],
    ["<b>a <i>b</i></b> <s>c</s>", "<strong>a *b*</strong> ~~c~~"],
    ["H<sub>2</sub>O, <u>under</u>, x<sup>2</sup>", "H<sub>2</sub>O, <u>under</u>, x<sup>2</sup>"],
    ["<b>&lt;b&gt;</b>", "**\\<b>**"],
  ] as const) {
    it(html, () => assert.equal(there(html), markdown));
  }

  it("has the same marks after a round trip", () => {
    const text = fc
      .array(
        fc.constantFrom(
          "a",
          "b c",
          "(",
          ")",
          ":",
          "!",
          " ",
          "🎉",
          "é",
          "1.",
          "*",
          "~~",
          "_",
          '"',
          "&lt;",
          "&amp;",
          "\\",
        ),
        {
          minLength: 1,
          maxLength: 4,
        },
      )
      .map((parts) => parts.join(""));
    const tags = ["b", "i", "s", "u", "sub", "sup", "strong", "em", "span"];
    const { inline } = fc.letrec<{ inline: string }>((tie) => ({
      inline: fc.oneof(
        { depthSize: "small" },
        text,
        fc.constantFrom("<br>", "<code>x</code>", '<a href="https://x.example/">link</a>'),
        fc
          .tuple(fc.constantFrom(...tags), fc.array(tie("inline"), { minLength: 1, maxLength: 3 }))
          .map(([tag, inner]) => `<${tag}>${inner.join("")}</${tag}>`),
      ),
    }));
    fc.assert(
      fc.property(fc.array(inline, { minLength: 1, maxLength: 5 }), (parts) => {
        const html = `<p>x${parts.join("")}x</p>`;
        const markdown = there(html);
        assert.deepEqual(marksOf(back(markdown)), marksOf(html), `${html}\n${markdown}\n${back(markdown)}`);
      }),
      { numRuns: 500 },
    );
  });
});

const alike: Readonly<Record<string, string>> = { strong: "b", em: "i", strike: "s", del: "s" };
const marks = new Set(["b", "i", "s", "u", "sub", "sup", "code", "a"]);

/** Each letter with its marks. */
function marksOf(html: string): readonly string[] {
  const open: string[] = [];
  const letters: string[] = [];
  const parser = new Parser({
    onopentag: (name) => void open.push(alike[name] ?? name),
    onclosetag: () => void open.pop(),
    ontext(text) {
      const own = [...new Set(open.filter((name) => marks.has(name)))].sort().join("+");
      for (const letter of text) if (letter.trim() !== "") letters.push(`${letter} ${own}`);
    },
  });
  parser.end(html);
  return letters;
}
