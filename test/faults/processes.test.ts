import { test } from "node:test";
import { emulatedTrackers } from "../../emulators/start.ts";
import { runKills } from "../support/kill-run.ts";
import { runTwoServers } from "./two-servers.ts";

// The faults of the machine that need real processes; each meets all trackers at once.

const seed = Number(process.env["FAULT_SEED"] ?? Date.now() % 1_000_000);

test("two servers started on one data directory", { timeout: 100_000 }, () => runTwoServers(seed));

test(
  `20 servers killed while changes come in lose nothing and make nothing twice (FAULT_SEED=${seed})`,
  { timeout: 400_000 },
  () => runKills({ trackers: emulatedTrackers, kills: 20, seed }),
);
