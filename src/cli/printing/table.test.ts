import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createOutput } from "./output.ts";
import { printTable } from "./table.ts";
import { cutText, padText, textWidth, wrapText } from "./text-width.ts";

function capture(options: { columns?: number; env?: Record<string, string> } = {}) {
  let text = "";
  const stream = {
    isTTY: options.columns !== undefined,
    ...(options.columns !== undefined && { columns: options.columns }),
    write: (part: string) => {
      text += part;
      return true;
    },
  };
  return {
    out: createOutput({ streams: { stdout: stream, stderr: stream }, env: options.env ?? {} }),
    text: () => text,
  };
}

const columns = [{ title: "REF" }, { title: "TITLE", shrink: 1, least: 8 }, { title: "AGE", align: "right" }] as const;
const rows = [
  [{ text: "app#1", style: "bold" }, { text: "A title that is rather long for a narrow terminal" }, { text: "3h" }],
  [{ text: "app#12" }, { text: "短い題名" }, { text: "12d" }],
] as const;

test("in a pipe: tab-separated and complete, without header or colours", () => {
  const { out, text } = capture();
  printTable(out, columns, rows);
  assert.equal(text(), "app#1\tA title that is rather long for a narrow terminal\t3h\napp#12\t短い題名\t12d\n");
});

test("on a terminal: aligned and cut to its width", () => {
  const { out, text } = capture({ columns: 30, env: { NO_COLOR: "1" } });
  printTable(out, columns, rows);
  assert.deepEqual(text().split("\n"), [
    "REF     TITLE              AGE",
    "app#1   A title that is…    3h",
    "app#12  短い題名           12d",
    "",
  ]);
});

test("drops whole columns that would be too narrow, in shrink order", () => {
  const wide = [
    { title: "REF" },
    { title: "STATUS", shrink: 2, least: 8 },
    { title: "PRIORITY", shrink: 4, least: 8 },
    { title: "TITLE", shrink: 1, least: 20 },
    { title: "LABELS", shrink: 5 },
  ] as const;
  const row = ["app#1", "In progress", "Urgent", "A title that is rather long for a narrow terminal", "bug, ui"];
  const shown = (width: number) => {
    const { out, text } = capture({ columns: width, env: { NO_COLOR: "1" } });
    printTable(out, wide, [row.map((text) => ({ text }))]);
    return text().split("\n");
  };
  assert.deepEqual(shown(40), ["REF    STATUS    TITLE", "app#1  In prog…  A title that is rather…", ""]);
  assert.match(shown(52)[0] ?? "", /^REF +STATUS +PRIORITY +TITLE$/);
  assert.match(shown(80)[0] ?? "", /^REF +STATUS +PRIORITY +TITLE +LABELS$/);
  assert.match(shown(20)[0] ?? "", /^REF +TITLE$/);
  assert.deepEqual(shown(18), ["REF    TITLE", "app#1  A title th…", ""], "the last one gives way below its least");
});

test("a last column that wraps continues below itself; in a pipe its text is whole", () => {
  const wrapping = [columns[0], columns[1], { title: "WHY", shrink: 1, least: 16, wraps: true }] as const;
  const table = [
    [{ text: "app#1" }, { text: "A title that is rather long" }, { text: "no free slot: 2 of 2 agents are at work" }],
    [{ text: "app#12" }, { text: "短い題名" }, { text: "" }],
  ];
  const { out, text } = capture({ columns: 40, env: { NO_COLOR: "1" } });
  printTable(out, wrapping, table);
  assert.deepEqual(text().split("\n"), [
    "REF     TITLE     WHY",
    "app#1   A title…  no free slot: 2 of 2",
    "                  agents are at work",
    "app#12  短い題名",
    "",
  ]);
  const pipe = capture();
  printTable(pipe.out, wrapping, table.slice(0, 1));
  assert.equal(pipe.text(), "app#1\tA title that is rather long\tno free slot: 2 of 2 agents are at work\n");
});

test("a wrapped text keeps its words and characters, and no line is too wide", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), fc.integer({ min: 10, max: 30 }), (text, width) => {
      const lines = wrapText(text, width);
      for (const line of lines) assert.ok(textWidth(line) <= width, `${line} is ${textWidth(line)} wide`);
      assert.equal(lines.join("").replaceAll(" ", ""), text.replaceAll(" ", ""));
    }),
  );
});

test("without rows a terminal shows nothing, no header either", () => {
  const { out, text } = capture({ columns: 80 });
  printTable(out, columns, []);
  assert.equal(text(), "");
});

test("uses colours on a terminal, unless NO_COLOR or TERM=dumb is set", () => {
  for (const [env, coloured] of [
    [{}, true],
    [{ NO_COLOR: "1" }, false],
    [{ TERM: "dumb" }, false],
  ] as const) {
    const { out, text } = capture({ columns: 80, env });
    printTable(out, columns, rows);
    assert.equal(text().includes("\u001b["), coloured);
  }
});

test("a status line is replaced by the next output, and omitted in a pipe", () => {
  const terminal = capture({ columns: 80 });
  terminal.out.status("1 of 2");
  terminal.out.line("done");
  assert.equal(terminal.text(), "1 of 2\r\u001b[2Kdone\n");
  const pipe = capture();
  pipe.out.status("1 of 2");
  pipe.out.line("done");
  assert.equal(pipe.text(), "done\n");
});

test("joined letters take a column each, joined emoji two columns together", () => {
  const widths = { क्षि: 3, বাংলা: 5, é: 1, 한글: 4, "👩‍👩‍👧‍👦": 2, "👍🏽": 2, "✌🏽": 2, "❤️": 2, "🇩🇪🇫🇷": 4 };
  for (const [text, width] of Object.entries(widths)) assert.equal(textWidth(text), width, text);
});

test("a cut text fits, and an uncut one is complete", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), fc.integer({ min: 1, max: 50 }), (text, width) => {
      const cut = cutText(text, width);
      assert.ok(textWidth(cut) <= width, `${cut} is ${textWidth(cut)} wide`);
      if (textWidth(text) <= width) assert.equal(cut, text);
      assert.equal(textWidth(padText(cut, width)), width);
    }),
  );
});

test("no line is wider than the terminal if columns can shrink", () => {
  const cell = fc.string({ unit: "grapheme", maxLength: 60 }).map((text) => ({ text: text.replace(/\s/g, " ") }));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 12, max: 90 }),
      (all, width) => {
        const { out, text } = capture({ columns: width, env: { NO_COLOR: "1" } });
        printTable(
          out,
          [
            { title: "A", shrink: 2, least: 5 },
            { title: "B", shrink: 1, least: 5 },
          ],
          all,
        );
        for (const line of text().split("\n"))
          assert.ok(textWidth(line) <= width, `${JSON.stringify(line)} in ${width}`);
      },
    ),
  );
});
