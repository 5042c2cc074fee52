import assert from "node:assert/strict";
import { test } from "node:test";
import { toStoredMarkdown } from "./stored-markdown.ts";

test("returns markdown as Linear rewrites it", () => {
  const rows: [string, string][] = [
    ["plain, with a_b_c and 2*3*4", "plain, with a_b_c and 2*3*4"],
    ["- one\n- two\n  - three", "* one\n* two\n  * three"],
    ["- [ ] open\n- [x] done", "- [ ] open\n- [x] done"],
    ["1. a\n5. b\n6. c", "1. a\n2. b\n3. c"],
    ["_em_ and __strong__", "*em* and **strong**"],
    ["[text](https://a.example/b_c_d)", "[text](<https://a.example/b_c_d>)"],
    ["see https://a.example/x_y_z now", "see <https://a.example/x_y_z> now"],
    ["`_code_` stays", "`_code_` stays"],
    ["```\n- not a list\n\n\n_not_ either\n```", "```\n- not a list\n\n\n_not_ either\n```"],
    ["a\n\n\n\nb   \n", "a\n\nb"],
    ["", ""],
  ];
  for (const [written, stored] of rows) {
    assert.equal(toStoredMarkdown(written), stored);
    assert.equal(toStoredMarkdown(stored), stored, "what is stored is stored as it is");
  }
});
