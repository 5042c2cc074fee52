import { test } from "node:test";
import { emulatedTrackers } from "../../emulators/start.ts";
import { runKills } from "../support/kill-run.ts";

const seed = Number(process.env["KILL_SEED"] ?? Date.now() % 1_000_000);

test(
  `20 servers killed while changes come in lose nothing and make nothing twice (KILL_SEED=${seed})`,
  { timeout: 400_000 },
  async () => {
    await runKills({ trackers: emulatedTrackers, kills: 20, seed });
  },
);
