import { after, test } from "node:test";
import { emulatedTrackers } from "../../emulators/start.ts";
import { startSimulationThread } from "../../test/support/simulation/simulation-thread.ts";

// Random changes by others, random faults and random polls; see `simulateSync` for what holds after every quiet point.

const thread = startSimulationThread();
after(() => thread.close());

for (const tracker of emulatedTrackers) {
  test(`${tracker}: whatever happens, the mirror equals the tracker when it is quiet, and listeners heard of every change`, () =>
    thread.run("sync", { tracker, runs: Number(process.env["SIMULATIONS"] ?? 25) }));
}
