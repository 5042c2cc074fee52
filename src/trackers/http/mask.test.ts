import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { createMask } from "./mask.ts";

it("masks a secret in every form it is sent in, wherever it occurs", () => {
  const secret = fc
    .string({ minLength: 8, maxLength: 40 })
    .filter((text) => text.trim().length >= 8 && !text.includes("•"));
  fc.assert(
    fc.property(secret, fc.string(), fc.string(), (raw, before, after) => {
      const value = raw.trim();
      const mask = createMask([raw]);
      for (const form of [value, Buffer.from(value).toString("base64")]) {
        assert.ok(!mask(before + form + after).includes(form));
      }
    }),
  );
});

it("masks a secret inside base64-encoded text, such as basic authentication", () => {
  const text = fc.string({ unit: "binary", maxLength: 9 });
  const secret = fc.string({ minLength: 12, maxLength: 40 }).filter((value) => value.trim().length >= 12);
  fc.assert(
    fc.property(secret, text, text, (raw, before, after) => {
      const value = raw.trim();
      const whole = Buffer.from(before + value + after);
      for (const encoding of ["base64", "base64url"] as const) {
        const shown = createMask([raw])(`so: ${whole.toString(encoding)}.`);
        assert.ok(!Buffer.from(shown.slice(4, -1), encoding).includes(value), shown);
        assert.match(shown, /•••/);
      }
    }),
    { numRuns: 30 },
  );
});

it("masks whatever looks like a credential", () => {
  const mask = createMask([]);
  assert.equal(mask("Authorization: Bearer abcdefghij"), "Authorization: Bearer •••");
  assert.equal(mask("https://user:pass@host/x"), "https://•••@host/x");
  for (const name of ["PRIVATE-TOKEN", "zsessionid", "Shortcut-Token", "X-Redmine-API-Key"])
    assert.equal(mask(`${name}: abcdefghij`), `${name}: •••`);
  assert.equal(mask("GET /x?private_token=abc&page=2"), "GET /x?private_token=•••&page=2");
});

it("leaves other text unchanged", () => {
  const text = "GET https://api.example.com/repos/a/b/issues?since=2026-01-01&page=2 → 200 in 12 ms";
  assert.equal(createMask(["not-in-there"])(text), text);
});
