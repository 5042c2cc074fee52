import assert from "node:assert/strict";
import { test } from "node:test";
import { findCanaries } from "./find-canaries.ts";

const canaries = [{ name: "key", secret: 'ca"na/ry+0123456789' }];
const { secret } = canaries[0] ?? { secret: "" };

test("finds a planted secret in every form, and nothing else", () => {
  for (const text of [
    `x${secret}y`,
    `?key=${encodeURIComponent(secret)}&`,
    `?next=${encodeURIComponent(`/x?key=${encodeURIComponent(secret)}`)}`,
    JSON.stringify({ a: secret }),
    JSON.stringify(JSON.stringify({ a: secret })),
    Buffer.from(secret).toString("hex").toUpperCase(),
    `Basic ${btoa(secret)}`,
    `Basic ${btoa(`a:${secret}`)}`,
    `Basic ${btoa(`ab:${secret}:and more`)}`,
    `eyJ.${Buffer.from(`abc${secret}`).toString("base64url")}.x`,
  ]) {
    assert.notDeepEqual(findCanaries(text, canaries), [], text);
  }
  assert.deepEqual(findCanaries(`${secret.slice(0, -1)} ${btoa(secret.slice(1))} •••`, canaries), []);
});
