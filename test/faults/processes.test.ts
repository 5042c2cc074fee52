import { test } from "node:test";
import { emulatedTrackers } from "../../emulators/start.ts";
import { runKills } from "../support/kill-run.ts";
import { runTwoServers } from "./two-servers.ts";

// Faults of the machine that need real processes; each affects all trackers at once.

const seed = Number(process.env["FAULT_SEED"] ?? Date.now() % 1_000_000);

test("two servers started on one data directory", { timeout: 100_000 }, () => runTwoServers(seed));

test(
  `20 servers killed during changes lose nothing and create nothing twice (FAULT_SEED=${seed})`,
  { timeout: 400_000 },
  () => runKills({ trackers: emulatedTrackers, kills: 20, seed }),
);
