import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { terminalText } from "../../../test/support/terminal-text.ts";
import { toPlainJson } from "./plain-json.ts";

test("JSON has the same value and no control characters", () => {
  fc.assert(
    fc.property(terminalText, (text) => {
      const json = toPlainJson({ text });
      assert.deepEqual(JSON.parse(json), { text });
      // eslint-disable-next-line no-control-regex -- these must be gone
      assert.doesNotMatch(json, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }),
  );
});
