import { test } from "node:test";
import { emulatedTrackers } from "../../emulators/start.ts";
import { after } from "../../test/support/hooks.ts";
import { startSimulationThread } from "../../test/support/simulation/simulation-thread.ts";

// Random changes by others, random faults and random polls; `simulateSync` lists the invariants checked after every quiet point.

const thread = startSimulationThread();
after(() => thread.close());

for (const tracker of emulatedTrackers) {
  test(`${tracker}: at every quiet point the mirror equals the tracker, and listeners have received every change`, () =>
    thread.run("sync", { tracker, runs: Number(process.env["SIMULATIONS"] ?? 25) }));
}
