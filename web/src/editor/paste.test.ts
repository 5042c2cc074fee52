import assert from "node:assert/strict";
import { test } from "node:test";
import { pasteEdit, type Pasted } from "./paste.ts";

/** The text after pasting over what the bars enclose; null: left to the browser. */
function paste(marked: string, pasted: Partial<Pasted>): string | null {
  const start = marked.indexOf("|");
  const end = marked.lastIndexOf("|");
  const text = marked.replaceAll("|", "");
  const edit = pasteEdit({ text: "", html: "", ...pasted }, { text, start, end: end === start ? start : end - 1 });
  return edit && text.slice(0, edit.from) + edit.insert + text.slice(edit.to);
}

test("a URL pasted over selected text makes a link; elsewhere it stays a URL", () => {
  const address = { text: "https://one.example/a?b=c\n" };
  assert.equal(paste("see |the notes| there", address), "see [the notes](https://one.example/a?b=c) there");
  assert.equal(paste("see | there", address), null);
  assert.equal(paste("see |https://old.example| there", address), null);
  assert.equal(paste("[notes](|url|)", address), null);
  assert.equal(paste("one |two\nthree|", address), null);
  assert.equal(paste("|words|", { text: "two words" }), null);
  assert.equal(paste("```\n|words|\n```", address), null);
});

test("spreadsheet cells paste as a table on its own lines, with special characters escaped", () => {
  const cells = { text: "Name\tCount\r\nA|B\t2\r\nlast\r\n", html: "<meta><TABLE><tr><td>Name</td></tr></TABLE>" };
  const table = "| Name | Count |\n| --- | --- |\n| A\\|B | 2 |\n| last |  |\n";
  assert.equal(paste("|", cells), table);
  assert.equal(paste("Before|", cells), `Before\n\n${table}`);
  assert.equal(paste("Before\n|after", cells), `Before\n\n${table}after`);
  assert.equal(paste("|", { text: "a\tb" }), null, "code may have tabs");
  assert.equal(paste("~~~\n|", cells), null);
});
