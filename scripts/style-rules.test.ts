import assert from "node:assert/strict";
import { test } from "node:test";
import { doubledSelectors } from "./style-rules.ts";

const sheet = (file: string, text: string) => ({ file: `web/src/${file}`, text });

test("reports a selector styled by two pages, also in a list or a media query", () => {
  const found = doubledSelectors([
    sheet("fields/fields.css", "@layer components { .form-row { display: grid } }"),
    sheet("settings/settings.css", "@media (width < 720px) { .field,\n .form-row { padding: 0 } }"),
  ]);
  assert.deepEqual(found, [
    "web/src/fields/fields.css and web/src/settings/settings.css both style .form-row: which wins depends on what was opened before",
  ]);
});

test("ignores longer or shorter selectors, keyframes, and sheets that are always loaded first", () => {
  const found = doubledSelectors([
    sheet(
      "board/board.css",
      "/* .column { } */ .column { gap: 0 } @keyframes a { from { opacity: 0 } to { opacity: 1 } }",
    ),
    sheet(
      "board/drag.css",
      ".column[data-over] { gap: 0 } .card:not(:hover, :has(.column)) {} .row {} @keyframes b { from { top: 0 } }",
    ),
    sheet("styles/bar.css", ".button { color: red }"),
    sheet("styles/button.css", ".button { color: blue } .button { top: 0 }"),
  ]);
  assert.deepEqual(found, []);
});
