import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { toStoredMarkdown } from "../../../../emulators/linear/stored-markdown.ts";
import { hasSameWords, isSameText } from "./same-text.ts";

describe("texts that Linear rewrites", () => {
  const same: [string, string][] = [
    ["- one\n- two\n  - three", "* one\n* two\n  * three"],
    ["- one\n- two", "* one\n\n* two"],
    ["_em_ and __strong__", "*em* and **strong**"],
    ["**over\ntwo lines**", "**over** **two lines**"],
    ["[text](https://a.example)", "[text](<https://a.example>)"],
    ["see https://a.example/x now", "see <https://a.example/x> now"],
    ["see https://a.example/x now", "see [https://a.example/x](<https://a.example/x>) now"],
    ["a host: a.example", "a host: [a.example](<http://a.example>)"],
    ["write to me@a.example", "write to [me@a.example](<mailto:me@a.example>)"],
    ["1. a\n5. b", "1. a\n2. b"],
    ["a\n\n\n\nb", "a\n\nb"],
    ["two  \nlines", "two\nlines"],
    ["a_b * c", "a\\_b \\* c"],
    ["| a | b |\n|---|---|\n| 1 | 2 |", "| a | b |\n| -- | -- |\n| 1 | 2 |"],
    ["- [ ] open\n- [x] done", "- [ ] open\n- [X] done"],
    ["Title\n=====", "# Title"],
    ["```js\nx\n```", "~~~js\nx\n~~~"],
    ["~~a~~ `b`", "~~a~~ `b`"],
    ["**`code`**", "`code`"],
    ["a\r\nb", "a\nb"],
  ];
  for (const [written, found] of same) {
    it(`${JSON.stringify(written)} equals ${JSON.stringify(found)}`, () => assert.ok(isSameText(written, found)));
  }

  const different: [string, string][] = [
    ["word", "**word**"],
    ["*word*", "**word**"],
    ["word", "words"],
    ["# a", "## a"],
    ["a", "# a"],
    ["a\n\nb", "a b"],
    ["- a", "1. a"],
    ["- a\n- b", "- a\n  - b"],
    ["- [ ] a", "- [x] a"],
    ["> a", "a"],
    ["[a](https://one.example)", "[a](https://two.example)"],
    ["http://a.example", "https://a.example"],
    ["`a`", "a"],
    ["```\na\n```", "a"],
    ["```js\na\n```", "```ts\na\n```"],
    ["![a](https://one.example/a.png)", "![a](https://one.example/b.png)"],
    ["~~a~~", "a"],
    ["", "a"],
    ["a\n\n---\n\nb", "a\n\nb"],
  ];
  for (const [written, found] of different) {
    it(`${JSON.stringify(written)} differs from ${JSON.stringify(found)}`, () =>
      assert.ok(!isSameText(written, found)));
  }

  it("equal themselves, however odd, and also as the emulator rewrites them", () => {
    const word = fc.constantFrom("a", "Zug", "über", "e-mail", "x.y", "it's", "7", "3:45", "end.", "(so)", "🚀");
    const inline = fc.oneof(
      word,
      word.map((text) => `_${text}_`),
      word.map((text) => `**${text}**`),
      word.map((text) => `\`${text}_x_\``),
      word.map((text) => `[${text}](https://a.example/${encodeURIComponent(text)})`),
      fc.constant("https://a.example/some_path_here"),
    );
    const line = fc.array(inline, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(" "));
    const block = fc.oneof(
      line,
      line.map((text) => `## ${text}`),
      fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.map((text) => `- ${text}`).join("\n")),
      fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.map((text) => `3. ${text}`).join("\n")),
      line.map((text) => `> ${text}`),
      line.map((text) => `\`\`\`sh\n- ${text}\n\n\n_x_\n\`\`\``),
    );
    fc.assert(
      fc.property(fc.array(block, { maxLength: 6 }), (blocks) => {
        const written = blocks.join("\n\n\n");
        assert.ok(isSameText(written, toStoredMarkdown(written)), toStoredMarkdown(written));
      }),
      { numRuns: 100 },
    );
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        assert.ok(isSameText(text, `${text}`));
        assert.equal(typeof isSameText(text, `${text} more`), "boolean");
      }),
      { numRuns: 100 },
    );
  });

  it("are recognized by their words, and compared at limited cost", () => {
    const hostile = ["*", "[", "> ", "`", "_a", "- ", "![", "<", "\\", "a*"].map((text) => text.repeat(100_000));
    for (const text of [...hostile, `${"word ".repeat(200_000)}end`]) {
      assert.ok(!isSameText(text, `${text} more`));
      assert.ok(hasSameWords(text, `${text} `));
      assert.ok(!hasSameWords(text, `${text} more`));
    }
    // A paragraph too long to parse is compared literally.
    const long = "word ".repeat(1_000);
    assert.ok(!isSameText(`${long}end`, `${long}**end**`));
    assert.ok(hasSameWords(`${long}end`, `${long}**end**`));
    assert.ok(hasSameWords("1. me@a.example _is_", "7. [me@a.example](<mailto:me@a.example>) *is*"));
  });
});
