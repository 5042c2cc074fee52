import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { toPlainJson } from "./plain-json.ts";

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom("\u001b", "\u009b", "[", "]", "31m", "\u0007", "\u001b\\", "\r", "\n", "\u202e", "\u0000", ";"),
      fc.string({ unit: "binary", maxLength: 5 }),
    ),
  )
  .map((parts) => parts.join(""));

test("JSON has the same value and no control characters", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const json = toPlainJson({ text });
      assert.deepEqual(JSON.parse(json), { text });
      // eslint-disable-next-line no-control-regex -- these must be gone
      assert.doesNotMatch(json, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }),
  );
});
