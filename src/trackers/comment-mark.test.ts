import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { it } from "node:test";
import fc from "fast-check";
import { github } from "./github/index.ts";
import { readMarker, withMarker } from "./comment-mark.ts";

const mark = { id: randomUUID() };

it("comes off every text as it went on", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (body) => {
      assert.deepEqual(readMarker(withMarker(body, mark)), { body, id: mark.id });
    }),
  );
});

it("is not seen where there is none", () => {
  for (const body of ["", "<!-- a comment -->\nText", "panopticon:1234", `panopticon:${mark.id}`]) {
    assert.deepEqual(readMarker(body), { body, id: null });
  }
});

it("is known again behind what somebody wrote before it, with whatever line ends", () => {
  const marked = `Above\r\n${withMarker("Below", mark).replace("\n", "\r\n")}`;
  assert.deepEqual(readMarker(marked), { body: "Above\r\nBelow", id: mark.id });
});

it("takes from the longest text what the definition says", () => {
  assert.equal(github.writing.texts.body, 65_536 - withMarker("", mark).length);
});
