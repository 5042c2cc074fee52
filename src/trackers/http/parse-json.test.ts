import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseJson } from "./parse-json.ts";

test("replaces lone surrogates, which URLs do not accept, and keeps complete characters", () => {
  assert.deepEqual(parseJson(String.raw`{"key":"A\ud800B","list":["\uDC00"],"pear":"\ud83c\udf50","n":1}`), {
    key: "A\ufffdB",
    list: ["\ufffd"],
    pear: "🍐",
    n: 1,
  });
});

test("parses everything else unchanged", () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: "binary" }), (text) => assert.deepEqual(parseJson(text), JSON.parse(text))),
  );
});
