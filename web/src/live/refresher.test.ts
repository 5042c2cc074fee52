import assert from "node:assert/strict";
import { test } from "node:test";
import { createRefresher } from "./refresher.ts";

test("turns many requests into few runs, never two at once, and always serves the last request", async () => {
  let running = 0;
  let most = 0;
  let asks = 0;
  let served = 0;
  let runs = 0;
  const settled = new Promise<void>((resolve) => {
    const refresher = createRefresher(async () => {
      runs += 1;
      running += 1;
      most = Math.max(most, running);
      const seen = asks;
      await new Promise((done) => setTimeout(done, 5));
      running -= 1;
      served = seen;
      if (served === 200) resolve();
    }, 20);
    const feed = setInterval(() => {
      for (let each = 0; each < 10; each += 1) {
        asks += 1;
        refresher.ask();
      }
      if (asks === 200) clearInterval(feed);
    }, 2);
  });
  await settled;
  assert.equal(served, 200);
  assert.equal(most, 1);
  assert.ok(runs < 20, `${runs} runs`);
});
