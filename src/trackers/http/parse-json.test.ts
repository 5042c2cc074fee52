import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseJson } from "./parse-json.ts";

test("half a character, which an address cannot take, is replaced; whole ones stay", () => {
  assert.deepEqual(parseJson(String.raw`{"key":"A\ud800B","list":["\uDC00"],"pear":"\ud83c\udf50","n":1}`), {
    key: "A\ufffdB",
    list: ["\ufffd"],
    pear: "🍐",
    n: 1,
  });
});

test("everything else is read as it was written", () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: "binary" }), (text) => assert.deepEqual(parseJson(text), JSON.parse(text))),
  );
});
