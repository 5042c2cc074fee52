import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { keepAllowed } from "../../../../emulators/rally/html-whitelist.ts";
import { htmlToMarkdown } from "./html-to-markdown.ts";
import { markdownToHtml } from "./markdown-to-html.ts";
import { withoutMarkTags } from "../../tag-pairs.ts";
import { readMarker, toMarker } from "../marker.ts";
import { asKept, isSameText } from "./same-text.ts";
import { findUnsayable } from "./unsayable.ts";
import { processorMs } from "../../../../test/support/processor-time.ts";

const server = "https://rally.example";
/** What the mirror shows of a written text, after a server that keeps only allowed elements. */
const through = (markdown: string) => htmlToMarkdown(keepAllowed(markdownToHtml(markdown, server), true), server);

describe("Markdown sent to Rally", () => {
  const rows: [name: string, markdown: string, html: string][] = [
    ["nothing", "", ""],
    ["marks", "a **b** *c* ~~d~~ `e`", "<p>a <b>b</b> <i>c</i> <s>d</s> <code>e</code></p>"],
    ["line ends, as they are shown", "one\ntwo", "<p>one<br />two</p>"],
    ["code with its language", "```ts\na < b\n```", '<pre><code class="language-ts">a &lt; b</code></pre>'],
    [
      "tabs of code in a list",
      "- a\n\n  ```\n  all:\n  \tcc\n  ```",
      "<ul>\n<li><p>a</p>\n<pre>all:\n\tcc</pre>\n</li>\n</ul>",
    ],
    ["boxes to tick", "- [ ] a\n- [x] b", "<ul>\n<li>[ ] a</li>\n<li>[x] b</li>\n</ul>"],
    [
      "markup as text",
      'a <b class="x">b</b> <u>c & <script>d</script></sub>',
      "<p>a &lt;b class=&quot;x&quot;&gt;b&lt;/b&gt; &lt;u&gt;c &amp; &lt;script&gt;d&lt;/script&gt;&lt;/sub&gt;</p>",
    ],
    [
      "pairs of tags that mark words",
      "<u>a</u> x<sup>2</sup> <strong>b:</strong>c <u>d <sub>e</u> f</sub>\n\n| <del>g</del> |\n| --- |",
      "<p><u>a</u> x<sup>2</sup> <b>b:</b>c <u>d &lt;sub&gt;e</u> f&lt;/sub&gt;</p>\n<table>\n<thead>\n<tr>\n<th><s>g</s></th>\n</tr>\n</thead>\n</table>",
    ],
    ["blocks of markup as text", "<details>\n<p>a", "<p>&lt;details&gt;<br />&lt;p&gt;a</p>"],
    ["addresses that run", "[a](javascript:alert(1)) ![b](data:x)", "<p>a b</p>"],
    [
      "quotes in addresses",
      '[a](<https://x.example/"onerror=x>)',
      '<p><a href="https://x.example/%22onerror=x">a</a></p>',
    ],
    [
      "pictures of its own",
      "![a](/slm/attachment/7/a.png)",
      `<p><img src="${server}/slm/attachment/7/a.png" alt="a" /></p>`,
    ],
    ["links and pictures of which nothing would be seen", "[](a) ![](data:x)", "<p>[](a) ![](data:x)</p>"],
    ["what nobody can see", "a\u0000b", "<p>ab</p>"],
  ];
  for (const [name, markdown, html] of rows) it(name, () => assert.equal(markdownToHtml(markdown, server), html));

  it("never becomes something that Rally refuses", () => {
    const piece = fc.constantFrom(
      "<script>",
      "</p>",
      "<img src=x onerror=alert(1)>",
      "`",
      "](javascript:x)",
      "[",
      "\n",
      "&lt;",
      "<a href='javascript:x'>",
      "<!--",
      "-->",
      "<u>",
      "</u>",
      "<sub>",
      "</sub>",
      "<b>",
      "</b>",
      "**",
      "> ",
      "- ",
      "a",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const html = markdownToHtml(pieces.join(""), server);
        assert.doesNotMatch(
          html,
          /<(?!\/?(?:a|b|blockquote|br|code|h[1-6]|hr|i|img|li|ol|p|pre|s|sub|table|tbody|td|th|thead|tr|u|ul)\b)/,
        );
        assert.doesNotMatch(html.replace(/"[^"]*"/g, '""'), /<[^>]*\son\w+=/);
        assert.doesNotMatch(html, /(?:href|src)="(?!https?:|mailto:|tel:)/);
      }),
      { numRuns: 500 },
    );
  });
});

const word = fc.stringMatching(/^[a-zäöü]{1,8}$/);
const plain = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(" "));
const inline = fc
  .array(
    fc.oneof(
      plain,
      plain.map((text) => `**${text}**`),
      plain.map((text) => `*${text}*`),
      plain.map((text) => `~~${text}~~`),
      plain.map((text) => `\`${text}\``),
      plain.map((text) => `[${text}](https://x.example/${text.length})`),
      plain.map((text) => `![${text}](https://x.example/${text.length}.png)`),
      fc.constantFrom("\\*", "\\<b>", "&", "1 \\< 2", "x_y", "🎉", "日本語"),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((pieces) => pieces.join(" "));
const indent = (text: string, by: string) => text.replaceAll("\n", `\n${by}`);
/** Two adjacent lists would become one. */
const isApart = (blocks: readonly string[]) =>
  blocks.every((text, index) => index === 0 || !/^(?:[-\d]|> )/.test(text));
const { block } = fc.letrec<{ block: string }>((tie) => ({
  block: fc.oneof(
    { depthSize: "small" },
    fc.array(inline, { minLength: 1, maxLength: 3 }).map((lines) => lines.join("  \n")),
    fc.tuple(fc.integer({ min: 1, max: 6 }), inline).map(([level, text]) => `${"#".repeat(level)} ${text}`),
    fc.constant("---"),
    fc
      .tuple(fc.constantFrom("", "ts", "c++"), fc.array(plain, { minLength: 1, maxLength: 3 }))
      .map(([language, lines]) => `\`\`\`${language}\n${lines.join("\n  ")}\n\`\`\``),
    fc
      .tuple(
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.array(plain, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
      )
      .map(([, rows]) => {
        const [head = [], ...body] = rows.map((cells) => `| ${cells.join(" | ")} |`);
        return [head, "| --- | --- | --- |", ...body].join("\n");
      }),
    fc
      .array(tie("block"), { minLength: 1, maxLength: 2 })
      .filter(isApart)
      .map((blocks) => `> ${blocks.join("\n\n")}`.replace(/\n(?!$)/g, "\n> ").replace(/^> $/gm, ">")),
    fc
      .array(inline, { minLength: 1, maxLength: 3 })
      .map((items) => items.map((item) => `- ${indent(item, "  ")}`).join("\n")),
    fc
      .array(inline, { minLength: 1, maxLength: 3 })
      .map((items) => items.map((item, index) => `${index + 1}. ${item}`).join("\n")),
    fc
      .tuple(inline, fc.array(inline, { minLength: 1, maxLength: 2 }))
      .map(([item, inner]) => `- ${item}\n${inner.map((one) => `  - ${one}`).join("\n")}`),
    fc
      .array(fc.tuple(fc.boolean(), inline), { minLength: 1, maxLength: 3 })
      .map((items) => items.map(([done, text]) => `- [${done ? "x" : " "}] ${text}`).join("\n")),
  ),
}));
const document = fc
  .array(block, { maxLength: 5 })
  .filter(isApart)
  .map((blocks) => blocks.join("\n\n"));

describe("round trip", () => {
  it("shows the written text, for everything that Markdown can express", () => {
    fc.assert(
      fc.property(document, (markdown) => assert.equal(through(markdown), markdown)),
      { numRuns: 1_000 },
    );
  });

  it("is stable after one round trip for any text, and counts as the same text", () => {
    const piece = fc.constantFrom(
      "# ",
      "> ",
      "- ",
      "1. ",
      "* ",
      "+ ",
      "`",
      "```",
      "**",
      "_",
      "~~",
      "[",
      "](x)",
      "!",
      "|",
      "\n",
      "\n\n",
      "    ",
      "  \n",
      "<b>",
      "&amp;",
      "\\",
      "a",
      "b c",
      "🎉",
      "---",
      "===",
      "[x] ",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const markdown = pieces.join("");
        const kept = through(markdown);
        assert.ok(isSameText(markdown, kept, server), JSON.stringify({ markdown, kept }));
        assert.equal(asKept(kept, server), through(kept));
      }),
      { numRuns: 1_000 },
    );
  });

  it("loses no letter of any text", () => {
    const letters = (text: string) => withoutMarkTags(text).replace(/[^\p{L}\p{N}]+/gu, "");
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            word,
            fc.constantFrom("\n", " ", "<", ">", "*", "_", "`", "#", "|", "~", "[", "]", "(", ")", "!", "\\"),
          ),
          { maxLength: 40 },
        ),
        (pieces) => {
          // An info string after a fence is not text, and URLs are completed.
          const markdown = pieces
            .join("")
            .replaceAll(/(```|~~~)[^\n]*/g, "$1")
            .replaceAll("](", "] (");
          assert.equal(letters(htmlToMarkdown(markdownToHtml(markdown, server), server)), letters(markdown));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("treats different letters as different texts", () => {
    assert.ok(!isSameText("one", "two", server));
    assert.ok(isSameText("a <u>b</u> **c:**d", "a b c:d", server));
    assert.ok(isSameText("* a\n* b", "- a\n- b", server));
    assert.ok(isSameText("a\r\nb", "a  \nb", server));
  });

  it("converts hundreds of kilobytes in time", () => {
    const text = "A line of text that goes **on**.\n".repeat(10_000);
    assert.ok(processorMs(() => assert.ok(through(text).length > 300_000)) < 5_000);
  });
});

describe("the operation's mark", () => {
  const id = "3f0c9b1e-7a52-4d0e-9c11-0123456789ab";

  it("is invisible, and is read back from what Rally keeps", () => {
    assert.match(toMarker(id), /^\p{Cf}+$/u);
    for (const html of [
      `<p>a</p>${toMarker(id)}`,
      `<p>a${toMarker(id)}</p>`,
      `<div>a</div><div>${toMarker(id)}</div>`,
    ]) {
      assert.deepEqual(readMarker(htmlToMarkdown(html, server)), { text: "a", id });
    }
    assert.deepEqual(readMarker(toMarker(id)), { text: "", id });
    fc.assert(fc.property(fc.uuid(), (uuid) => assert.equal(readMarker(`x${toMarker(uuid)}`).id, uuid)));
  });

  it("cannot be forged: an author's invisible characters stay, a copied mark is removed", () => {
    const family = "👩‍👩‍👧‍👦 a\u200Bb\u2060";
    assert.deepEqual(readMarker(family), { text: family, id: null });
    assert.equal(markdownToHtml(`a${toMarker(id)}`, server), "<p>a</p>");
  });
});

describe("what Markdown cannot express", () => {
  for (const [html, words] of [
    ["<p>a <b>b</b> <span>c</span></p>", []],
    ['<p style="">a</p><pre><code class="language-ts">b</code></pre>', []],
    ["<p><u>a</u> H<sub>2</sub>O</p>", []],
    ['<span style="color: red">a</span>', ["colours, fonts or sizes of letters"]],
    ['<td colspan="2">a</td><td rowspan="1">b</td>', ["cells that span others"]],
    ['<img src="/a.png" width="40">', ["pictures of a certain size"]],
    ["<p>use of the style = word</p>", []],
  ] as const) {
    it(`is detected in ${html}`, () => assert.deepEqual(findUnsayable(html), words));
  }
});
