// A user who knows no rest: thousands of actions in any order, while the server is killed, the network breaks and the trackers refuse.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openRandomStage } from "./random-user/random-stage.ts";
import { runRandomUser } from "./random-user/random-user.ts";

/** `SEED` repeats a run, as far as time lets it; `RANDOM_USER_ROUNDS=200` goes on for an hour. */
const seed = process.env["SEED"] === undefined ? Math.floor(Math.random() * 1_000_000) : Number(process.env["SEED"]);
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
