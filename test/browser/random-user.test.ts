// A user who knows no rest: thousands of actions in any order, while the server is killed, the network breaks and the trackers refuse.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openRandomStage } from "./random-user/random-stage.ts";
import { runRandomUser } from "./random-user/random-user.ts";

/**
 * Every test run plays the same user, so that it fails for what was changed and not for what nobody has met before. Others are met with `SEED=1234`, and for longer with
 * `RANDOM_USER_ROUNDS=200`, which goes on for an hour.
 */
const seed = Number(process.env["SEED"] ?? 466_805);
const rounds = Number(process.env["RANDOM_USER_ROUNDS"] ?? 6);

test(
  "whatever a user does in whatever order, what is shown is so, and nothing breaks",
  { timeout: 60_000 + rounds * 90_000 },
  async (t) => {
    t.diagnostic(`SEED=${seed}`);
    const stage = await openRandomStage(seed);
    try {
      const found = await runRandomUser(stage, { seed, rounds, actionsPerRound: 50 });
      assert.equal(found.length, 0, `SEED=${seed}\n${found.join("\n\n")}`);
    } finally {
      await stage.close();
    }
  },
);
