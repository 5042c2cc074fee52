// A restless user: thousands of random actions while the server is killed, the network breaks and trackers refuse.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openRandomStage } from "./random-user/random-stage.ts";
import { runRandomUser } from "./random-user/random-user.ts";

/** Random per test run; `SEED=1234` repeats a user as far as timing allows. `RANDOM_USER_ROUNDS=200` runs for an hour. */
const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 1_000_000));
/** The command that repeats this user. */
const again = `SEED=${seed} npm test -- test/browser/random-user.test.ts`;
const rounds = Number(process.env["RANDOM_USER_ROUNDS"] ?? 3);

test(
  "whatever a user does in any order, the page shows the truth and nothing breaks",
  { timeout: 60_000 + rounds * 90_000 },
  async (t) => {
    t.diagnostic(again);
    const stage = await openRandomStage(seed);
    try {
      const found = await runRandomUser(stage, { seed, rounds, actionsPerRound: 50, longestRoundMs: 40_000 });
      assert.equal(found.length, 0, `${again}\n${found.join("\n\n")}`);
    } finally {
      await stage.close();
    }
  },
);
