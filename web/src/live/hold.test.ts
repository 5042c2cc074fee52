import assert from "node:assert/strict";
import { test } from "node:test";
import { createHold } from "./hold.ts";
import { createRefresher } from "./refresher.ts";

test("waiting work runs when the last holder releases", () => {
  const { take, whenFree } = createHold();
  const done: string[] = [];
  whenFree(() => done.push("free"));
  const [one, other] = [take(), take()];
  whenFree(() => done.push("held"));
  one();
  one();
  assert.deepEqual(done, ["free"]);
  other();
  assert.deepEqual(done, ["free", "held"]);
});

test("a refresher waits for the hold, and does nothing once stopped", async () => {
  const { promise: asked, resolve: ask } = Promise.withResolvers<() => void>();
  let reads = 0;
  const refresher = createRefresher(
    async () => {
      reads += 1;
    },
    0,
    ask,
  );
  refresher.ask();
  const run = await asked;
  assert.equal(reads, 0);
  run();
  assert.equal(reads, 1);
  refresher.stop();
  run();
  assert.equal(reads, 1);
});
