import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { marked } from "marked";
import { extractCommands } from "../../../../emulators/gitlab/quick-actions.ts";
import { isSameText, readNativeText, toNativeText } from "./native-text.ts";

const place = { web: "https://gitlab.example.com", projectId: 40100 };
const mark = { id: "3f2b8c1e-9a4d-4c7b-8f10-2e6d5a4b3c21" };
const joiner = "\u2060";

/** Lines that some version of GitLab might interpret. */
const line = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      "/close",
      "/label ~bug",
      "/title New",
      "/CLOSE now",
      "/reopen  ",
      "/shrug",
      "/login fails",
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom("\\/close", "&#47;close", "&#047;close", `${joiner}/close`, " /close", "   /close"),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom("```", "~~~", "````", "```sh", "  ```", "` a", "a `b`", "`/close`", "```x```"),
  },
  { weight: 2, arbitrary: fc.constantFrom("<div>", "</div>", "<details>", "<b>bold</b>", "<pre>", "<!-- open", "-->") },
  {
    weight: 2,
    arbitrary: fc.constantFrom(">>>", "> /close", "- /close", "- item", "---", "$$", "# Head", "| a | b |"),
  },
  { weight: 3, arbitrary: fc.constantFrom("", "", "words", "    /close") },
  fc.constant(`<!-- panopticon:${mark.id} -->`),
  fc.string({ unit: "grapheme", maxLength: 20 }),
);
const text = fc.array(line, { maxLength: 9 }).map((lines) => lines.join("\n"));

/** What GitLab stores of a text sent by the API. */
const kept = (sent: string, readsMarkdown: boolean) => extractCommands(sent, readsMarkdown).text;

function rendered(source: string): string {
  const shown = marked.parse(source.replaceAll(joiner, ""), { async: false });
  return shown
    .replaceAll(/&#0*47;/g, "/")
    .replaceAll(/<!--[^]*?-->/g, "")
    .trim();
}

describe("a text sent to GitLab", () => {
  it("is never executed, by any version of GitLab", () => {
    fc.assert(
      fc.property(text, fc.boolean(), fc.boolean(), (body, isMarked, readsMarkdown) => {
        const sent = toNativeText(body, place, isMarked ? mark : null);
        assert.deepEqual(extractCommands(sent, readsMarkdown).commands, [], JSON.stringify(sent));
      }),
      { numRuns: 3000 },
    );
  });

  it("is read back as it was written, with its mark", () => {
    fc.assert(
      fc.property(text, fc.boolean(), fc.boolean(), (body, isMarked, readsMarkdown) => {
        const sent = toNativeText(body, place, isMarked ? mark : null);
        const back = readNativeText(kept(sent, readsMarkdown), place);
        assert.ok(isSameText(body, back.text, place.web), JSON.stringify([body, sent, back.text]));
        assert.equal(back.mark, isMarked ? mark.id : null);
        // A text that was read is written unchanged, whoever wrote it.
        assert.equal(toNativeText(back.text, place, isMarked ? mark : null), kept(sent, readsMarkdown));
      }),
      { numRuns: 3000 },
    );
  });

  it("looks the same", () => {
    fc.assert(
      fc.property(text, (body) => {
        // A mark that a user writes in a code block gets an additional space.
        fc.pre(!body.includes(mark.id));
        assert.equal(
          rendered(toNativeText(body, place, null)),
          rendered(body.replaceAll(/\r\n?/g, "\n").replace(/[\t\n\v\f ]+$/, "")),
        );
      }),
      { numRuns: 1000 },
    );
  });

  // The texts sent, where they differ.
  const rows: [string, string][] = [
    ["/close", "\\/close"],
    ["Text\n/label ~bug\nmore", "Text\n\\/label ~bug\nmore"],
    ["/login returns 500", "\\/login returns 500"],
    ["/etc/passwd is readable", "/etc/passwd is readable"],
    ["1/2 done", "1/2 done"],
    ["```\n/close\n```", "```\n/close\n```"],
    ["~~~\n/close\n~~~", `~~~\n${joiner}/close\n~~~`],
    ["<div>\n/close\n</div>\n\n/close", `<div>\n${joiner}/close\n</div>\n\n\\/close`],
    ["\\/close", "&#47;close"],
    ["a\r\nb\r\n", "a\nb"],
    ["a\u0000b", "ab"],
    [
      `![dk](${place.web}/-/project/40100/uploads/66dbcd21ec5d24ed6ea225176098d52b/dk.png)`,
      "![dk](/uploads/66dbcd21ec5d24ed6ea225176098d52b/dk.png)",
    ],
    [
      `![dk](${place.web}/-/project/7/uploads/66dbcd21ec5d24ed6ea225176098d52b/dk.png)`,
      `![dk](${place.web}/-/project/7/uploads/66dbcd21ec5d24ed6ea225176098d52b/dk.png)`,
    ],
  ];
  for (const [body, sent] of rows) {
    it(`is ${JSON.stringify(sent)} for ${JSON.stringify(body)}`, () => {
      assert.equal(toNativeText(body, place, null), sent);
      assert.ok(isSameText(body, readNativeText(sent, place).text, place.web));
    });
  }
});

describe("the mark of an operation", () => {
  const comment = `<!-- panopticon:${mark.id} -->`;

  it("comes last, or first if a fence is open", () => {
    assert.equal(toNativeText("Text", place, mark), `Text\n\n${comment}`);
    assert.equal(toNativeText("", place, mark), comment);
    assert.equal(toNativeText("```\nopen", place, mark), `${comment}\n\n\`\`\`\nopen`);
  });

  it("is found and removed wherever users moved it", () => {
    for (const [native, shown] of [
      [`Text\n\n${comment}\n\nadded in GitLab`, "Text\n\nadded in GitLab"],
      [`${comment}\nText`, "Text"],
      [`Text\n${comment}`, "Text"],
    ] as const) {
      assert.deepEqual(readNativeText(native, place), { text: shown, mark: mark.id });
    }
  });

  it("is not recognized in a user's own text", () => {
    const body = `Look:\n\n${comment}`;
    const sent = toNativeText(body, place, null);
    assert.deepEqual(readNativeText(sent, place), { text: body, mark: null });
    assert.deepEqual(readNativeText(toNativeText(body, place, mark), place), { text: body, mark: mark.id });
  });
});

describe("texts that are the same to GitLab", () => {
  it("differ only by what it does not keep", () => {
    const upload = "/uploads/66dbcd21ec5d24ed6ea225176098d52b/dk.png";
    assert.ok(isSameText("a\r\nb\n\n", "a\nb", place.web));
    assert.ok(isSameText(`![dk](${upload})`, `![dk](${place.web}/-/project/40100${upload})`, place.web));
    assert.ok(!isSameText("a", "b", place.web));
    assert.ok(!isSameText(" a", "a", place.web));
  });
});
