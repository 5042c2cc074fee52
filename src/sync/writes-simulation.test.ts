import assert from "node:assert/strict";
import { test } from "node:test";
import { emulatedTrackers } from "../../emulators/start.ts";
import { after } from "../../test/support/hooks.ts";
import { startSimulationThread } from "../../test/support/simulation/simulation-thread.ts";
import { trackers } from "../trackers/registry.ts";

// Changes by the user and by others, with faults, crashes and pauses between them, on a virtual clock. At no moment do two cards represent one issue. After the
// quiet point that follows, the invariants of writes hold: I1 what is shown equals the tracker, I2 every acknowledged operation has a final state and every
// creation happened once, I4 listeners received every changed card, I5 no request was sent before its time, I6 the database is intact. fast-check prints the
// seed of a failure.

const runs = Number(process.env["WRITE_SIMULATIONS"] ?? 300);
const perTracker = Math.ceil(runs / trackers.length);

const thread = startSimulationThread();
after(() => thread.close());

for (const tracker of emulatedTrackers) {
  test(`${tracker}: every change is written once or left to the user, whatever happens on the way`, () =>
    thread.run("writes", { tracker, runs: perTracker }));
}

test("there is a simulation for every tracker", () => {
  assert.deepEqual([...emulatedTrackers].toSorted(), trackers.map(({ id }) => id).toSorted());
});
