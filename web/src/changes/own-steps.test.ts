import assert from "node:assert/strict";
import { test } from "node:test";
import { createOwnSteps } from "./own-steps.ts";

function storageWith(text: string | null) {
  let kept = text;
  return { getItem: () => kept, setItem: (_: string, next: string) => void (kept = next) };
}

test("a tab's steps survive a reload; the last one is undone first", () => {
  const storage = storageWith(null);
  const steps = createOwnSteps(storage);
  assert.equal(steps.last(), undefined);
  for (const step of ["a", "b", "c"]) steps.add({ step, what: step });
  steps.add({ step: "b", what: "again" });
  steps.remove("c");
  assert.deepEqual(createOwnSteps(storage).last(), { step: "b", what: "again" });
});

test("keeps a limited number of steps and ignores invalid entries", () => {
  const storage = storageWith('[1, {"step": "x", "what": "kept"}, null, {"step": 2, "what": ""}]');
  const steps = createOwnSteps(storage);
  assert.equal(steps.last()?.step, "x");
  for (let index = 0; index < 500; index += 1) steps.add({ step: String(index), what: "" });
  assert.ok(storage.getItem()?.includes('"499"'));
  assert.ok((storage.getItem()?.length ?? 0) < 10_000);
  assert.equal(createOwnSteps(storageWith("{no JSON")).last(), undefined);
});

test("without storage, steps last as long as the page", () => {
  const steps = createOwnSteps(null);
  steps.add({ step: "a", what: "" });
  assert.equal(steps.last()?.step, "a");
});
