// A user who knows no rest: thousands of actions in any order, while the server is killed, the network breaks and the trackers refuse.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openRandomStage } from "./random-user/random-stage.ts";
import { runRandomUser } from "./random-user/random-user.ts";

/** Every test run meets another user; `SEED=1234` meets the same one again, as far as the machine's pace lets it. With `RANDOM_USER_ROUNDS=200` it goes on for an hour. */
const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 1_000_000));
/** What meets the same user again. */
const again = `SEED=${seed} npm test -- test/browser/random-user.test.ts`;
const rounds = Number(process.env["RANDOM_USER_ROUNDS"] ?? 3);

test(
  "whatever a user does in whatever order, what is shown is so, and nothing breaks",
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
