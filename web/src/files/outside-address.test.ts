import assert from "node:assert/strict";
import { test } from "node:test";
import { outsideAddress } from "./outside-address.ts";

test("accepts only http and https URLs", () => {
  assert.equal(outsideAddress("https://alpha.example/a?b#c"), "https://alpha.example/a?b#c");
  assert.equal(outsideAddress("http://10.0.0.1/a"), "http://10.0.0.1/a");
  for (const written of [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "\u0001javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "vscode://file/etc",
    "/relative",
    "",
  ]) {
    assert.equal(outsideAddress(written), undefined, written);
  }
});
