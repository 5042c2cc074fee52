// What a user changed is shown at once and never goes back, however requests are delayed, reordered and broken.
import assert from "node:assert/strict";
import { test } from "node:test";
import { runFlips } from "./flips/run-flips.ts";
import { openFlipsStage } from "./flips/flips-stage.ts";

/** Random per test run; `SEED=1234` repeats the user's actions as far as timing allows. `FLIPS_SECONDS=60` is how long they go on. */
const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 1_000_000));
const seconds = Number(process.env["FLIPS_SECONDS"] ?? 12);

test("what a user changed never goes back on the screen", { timeout: 120_000 + seconds * 2000 }, async (t) => {
  const again = `SEED=${seed} npm test -- test/browser/flips.test.ts`;
  t.diagnostic(again);
  const stage = await openFlipsStage(seed);
  try {
    const { log, problems } = await runFlips(stage, seconds);
    assert.equal(problems.length, 0, `${again}\n${log.join("\n")}\n\n${problems.join("\n\n")}`);
  } finally {
    await stage.close();
  }
});
