import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { safeName, slugOf } from "./safe-name.ts";

const anyText = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 90 }),
  fc.string({ unit: fc.constantFrom(..."aZ09._-/\\#! ~ü\0\n"), maxLength: 90 }),
);

test("for any ref or project, the folder's name is plain, short, and stays below the root", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      assert.match(safeName(text), /^[a-z0-9][a-z0-9._-]{0,68}$/);
      assert.match(safeName(text), /[a-z0-9]$/);
    }),
  );
});

test("a safe name is unchanged; two texts never share one", () => {
  for (const name of ["app-12", "us1234", "a.b_c"]) assert.equal(safeName(name), name);
  const alike = ["App-12", "APP-12", "app-12", "app/12", "app#12", "app 12", "-app-12", "äpp-12", "", "#", "..", "."];
  assert.equal(new Set(alike.map(safeName)).size, alike.length);
  fc.assert(fc.property(anyText, anyText, (one, other) => one === other || safeName(one) !== safeName(other)));
});

test("a branch's part of a title is letters, digits and hyphens", () => {
  assert.equal(slugOf("Größe: $(rm -rf ~) @{u}..x.lock"), "gro-e-rm-rf-u-x-lock");
  assert.equal(slugOf("\u001b[31mred\u001b[0m \u001b]0;pwned\u0007title"), "red-title");
  fc.assert(fc.property(anyText, (text) => assert.match(slugOf(text), /^(?:[a-z0-9]+(?:-[a-z0-9]+)*)?$/)));
});
