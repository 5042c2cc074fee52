import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { marked } from "marked";
import { toHtml } from "../../../../emulators/rally/rich-text.ts";
import { startEmulator } from "../../../../emulators/start.ts";
import { htmlToMarkdown } from "./html-to-markdown.ts";
import { processorMs } from "../../../../test/support/processor-time.ts";

const server = "https://rally.example";
const convert = (html: string) => htmlToMarkdown(html, server);

describe("the editor's HTML", () => {
  const rows: [string, string, string][] = [
    ["nothing", "", ""],
    ["an empty paragraph", "<p><br /></p><div>&nbsp;</div>", ""],
    ["paragraphs and lines", "<div>one</div><div>two<br />three</div>", "one\n\ntwo  \nthree"],
    [
      "marks",
      "<b>bold</b> <i>it</i> <strong>a <em>b</em></strong><u> c</u>",
      "**bold** *it* <strong>a *b*</strong> <u>c</u>",
    ],
    ["a blank inside a mark", "a<b> b </b>c", "a **b** c"],
    ["a mark inside itself", "<b>a<b>b</b></b>", "**ab**"],
    ["headings", "<h1>One</h1><h3>Three <b>x</b></h3>", "# One\n\n### Three **x**"],
    ["lists", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n  - c"],
    ["a numbered list", '<ol start="3"><li>a</li><li><p>b</p><p>c</p></li></ol>', "3. a\n4. b\n\n   c"],
    [
      "lists behind lists",
      "<ul><li>a</li></ul><ul><li>b</li></ul><ol><li>c</li></ol><ol><li>d</li></ol><ol><li>e</li></ol>",
      "- a\n\n* b\n\n1. c\n\n1) d\n\n1. e",
    ],
    ["boxes to tick", "<ul><li>[ ] a</li><li>[x] b</li></ul>", "- [ ] a\n- [x] b"],
    ["boxes that are boxes", '<ul><li><input type="checkbox" checked> a</li></ul>', "- [x] a"],
    ["a quotation", "<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"],
    ["code", "<pre>if (a &lt; b) {\n  **x**\n}</pre>", "```\nif (a < b) {\n  **x**\n}\n```"],
    ["code with backticks", "<pre>```</pre><p><code>a`b</code></p>", "````\n```\n````\n\n``a`b``"],
    ["a link", '<a href="https://x.example/a b(c)">here</a>', "[here](https://x.example/a%20b%28c%29)"],
    ["an address", '<a href="https://x.example/">https://x.example/</a>', "<https://x.example/>"],
    ["a picture of its own", '<img src="/slm/attachment/7/a.png" alt="A">', `![A](${server}/slm/attachment/7/a.png)`],
    [
      "a table",
      "<table><tr><th>a</th><th>b|c</th></tr><tr><td>1</td></tr></table>",
      "| a | b\\|c |\n| --- | --- |\n| 1 |  |",
    ],
    ["a table for layout", "<table><tr><td><p>a</p><p>b</p></td></tr></table>", "a\n\nb"],
    ["a rule", "a<hr>b", "a\n\n---\n\nb"],
    [
      "signs that mean something",
      "<p># a *b* [c](d) &lt;e&gt; `f` _g_ h_i</p>",
      "\\# a \\*b\\* \\[c\\](d) \\<e> \\`f\\` \\_g\\_ h_i",
    ],
    ["lines that look like lists", "<div>1. a</div><div>- b</div><div>+ c</div>", "1\\. a\n\n\\- b\n\n\\+ c"],
    ["entities as text", "&amp;lt; &amp; &copy;", "&amp;lt; & ©"],
    ["an unknown element", "<font color=red>a <o:p>b</o:p></font>", "a b"],
    ["what is not closed", "<p>a<ul><li>b<li>c</p>", "a\n\n- b\n- c"],
  ];
  for (const [name, html, markdown] of rows) it(name, () => assert.equal(convert(html), markdown));
});

describe("unsafe content", () => {
  const rows: [string, string, string][] = [
    ["scripts", "a<script>alert(1)</script>b", "ab"],
    ["styles", "<style>p { color: red }</style>a", "a"],
    ["handlers", '<p onclick="alert(1)">a</p><img src=x onerror="alert(1)" alt="b">', `a\n\n![b](${server}/x)`],
    ["addresses that run", '<a href="javascript:alert(1)">a</a> <a href=" java\nscript:alert(1)">b</a>', "a b"],
    ["data in addresses", '<img src="data:image/svg+xml,<svg onload=alert(1)>" alt="a">', "a"],
    ["frames", '<iframe src="https://x.example">a</iframe>b', "b"],
    [
      "markup in a description",
      '<img src="/a.png" alt="](javascript:x) <b>">',
      `![\\](javascript:x) \\<b>](${server}/a.png)`,
    ],
    [
      "markup in an address",
      '<a href="https://x.example/)<script>alert(1)</script>">a</a>',
      "[a](https://x.example/%29%3Cscript%3Ealert%281%29%3C/script%3E)",
    ],
  ];
  for (const [name, html, markdown] of rows) it(name, () => assert.equal(convert(html), markdown));

  it("any markup, also after converting the Markdown back to HTML", () => {
    const piece = fc.constantFrom(
      "<script>",
      "</script>",
      "<p onclick=alert(1)>",
      "</p>",
      "<a href='javascript:alert(1)'>",
      "</a>",
      "<img src=x onerror=alert(1)>",
      "&lt;script&gt;",
      "&#60;img onerror=1&#62;",
      "<b>",
      "</b>",
      "<pre>",
      "</pre>",
      "`",
      "text",
      "](javascript:alert(1))",
      "\n",
      "<",
      ">",
      "[",
      "<li>",
      "&amp;lt;",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const html = marked.parse(convert(pieces.join("")), { async: false });
        assert.doesNotMatch(html, /<script|<[^>]+\son\w+=|href="javascript:|src="javascript:/i, pieces.join(""));
      }),
      { numRuns: 500 },
    );
  });
});

const word = fc.stringMatching(/^[a-zäöü]{2,8}$/);
const tags = "p div b i u ul li ol table tr td h2 blockquote pre code a span section o:p".split(" ");
const { node } = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: "medium" },
    word.map((text) => ` ${text} `),
    fc
      .tuple(fc.constantFrom(...tags), fc.array(tie("node"), { maxLength: 4 }), fc.boolean())
      .map(
        ([tag, inner, isClosed]) => `<${tag} href="https://x.example/">${inner.join("")}${isClosed ? `</${tag}>` : ""}`,
      ),
  ),
}));

describe("any text", () => {
  it("never fails", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => assert.equal(typeof convert(text), "string")));
    const sign = fc.constantFrom(
      "<",
      ">",
      "/",
      "&",
      ";",
      '"',
      "=",
      "p",
      "ul",
      "li",
      "table",
      "!--",
      "-->",
      "#x",
      "\u0000",
      " ",
    );
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 60 }), (signs) => assert.equal(typeof convert(signs.join("")), "string")),
      { numRuns: 500 },
    );
  });

  it("loses no word, however the elements are nested or broken", () => {
    fc.assert(
      fc.property(fc.array(node, { maxLength: 6 }), (nodes) => {
        const html = nodes.join("");
        const words: readonly string[] = html.replace(/<[^>]*>/g, " ").match(/\S+/g) ?? [];
        const found: readonly string[] = convert(html).match(/[a-zäöü]+/g) ?? [];
        for (const one of words) assert.ok(found.includes(one), `${one} of ${html} in ${convert(html)}`);
      }),
      { numRuns: 500 },
    );
  });

  it("converts megabytes, and excessively nested elements, in time", () => {
    const taken = processorMs(() => {
      assert.equal(convert("<div>".repeat(200_000) + "deep"), "deep");
      assert.ok(convert("<b>x</b> ".repeat(50_000)).startsWith("**x** **x**"));
      assert.equal(convert(`<p>${"word ".repeat(200_000)}</p>`).length, 999_999);
    });
    assert.ok(taken < 5_000, `${taken} ms`);
  });

  it("restores the meaning of the seeded texts", async (t) => {
    const emulator = await startEmulator("rally", { issues: 200, seed: 7 });
    t.after(() => emulator.close());
    const words = (html: string) =>
      html
        .replace(/<br>\s*/g, "")
        .replaceAll("<p>", "")
        .replaceAll("</p>", "")
        .replace(/ align="\w+"/g, "")
        .replace(/ class="[^"]*"/g, "")
        .replace(/\s+/g, " ");
    for (const { body } of emulator.world.issues()) {
      const html = toHtml(body.replaceAll(/^- \[([ x])\] /gm, "- "));
      assert.equal(words(toHtml(convert(html))), words(html.replaceAll('src="/', `src="${server}/`)));
    }
  });
});
