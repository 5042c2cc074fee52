import assert from "node:assert/strict";
import { after, test } from "node:test";
import { emulatedTrackers } from "../../emulators/start.ts";
import { startSimulationThread } from "../../test/support/simulation/simulation-thread.ts";
import { trackers } from "../trackers/registry.ts";

// Changes by the user and by others, with faults, crashes and pauses between them, on a virtual clock. At no moment do two cards stand for one issue; after the
// quiet point that follows the invariants of the writes hold: I1 what is shown is what the tracker has, I2 every acknowledged operation has its end and what was
// made was made once, I4 whoever listened heard of every card that changed, I5 nothing was sent before its time, I6 the database is whole. The seed of a failure is
// printed by fast-check.

const runs = Number(process.env["WRITE_SIMULATIONS"] ?? 300);
const perTracker = Math.ceil(runs / trackers.length);

const thread = startSimulationThread();
after(() => thread.close());

for (const tracker of emulatedTrackers) {
  test(`${tracker}: whatever happens on the way, every change is written once or in the user's hands`, () =>
    thread.run("writes", { tracker, runs: perTracker }));
}

test("there is a simulation for every tracker", () => {
  assert.deepEqual([...emulatedTrackers].toSorted(), trackers.map(({ id }) => id).toSorted());
});
