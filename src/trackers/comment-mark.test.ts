import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { it } from "node:test";
import fc from "fast-check";
import { github } from "./github/index.ts";
import { readMarker, withMarker } from "./comment-mark.ts";

const mark = { id: randomUUID() };

it("removes the mark from any text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (body) => {
      assert.deepEqual(readMarker(withMarker(body, mark)), { body, id: mark.id });
    }),
  );
});

it("finds no mark where there is none", () => {
  for (const body of ["", "<!-- a comment -->\nText", "panopticon:1234", `panopticon:${mark.id}`]) {
    assert.deepEqual(readMarker(body), { body, id: null });
  }
});

it("recognizes the mark after text that was written before it, with any line ending", () => {
  const marked = `Above\r\n${withMarker("Below", mark).replace("\n", "\r\n")}`;
  assert.deepEqual(readMarker(marked), { body: "Above\r\nBelow", id: mark.id });
});

it("reduces the longest text by what the definition says", () => {
  assert.equal(github.writing.texts.body, 65_536 - withMarker("", mark).length);
});
