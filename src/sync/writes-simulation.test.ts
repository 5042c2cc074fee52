import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { emulatedTrackers } from "../../emulators/start.ts";
import { runWriteSimulation, simulatedSteps } from "../../test/support/write-simulation.ts";
import { trackers } from "../trackers/registry.ts";

// Changes by the user and by others, with faults, crashes and pauses between them, on a virtual clock; after the quiet point that follows the invariants of
// the writes hold: I1 what is shown is what the tracker has, I2 every acknowledged operation has its end and what was made was made once, I4 whoever listened
// heard of every card that changed, I5 nothing was sent before its time, I6 the database is whole. The seed of a failure is printed by fast-check.

const runs = Number(process.env.WRITE_SIMULATIONS ?? 300);
const perTracker = Math.ceil(runs / trackers.length);

for (const tracker of emulatedTrackers) {
  test(`${tracker}: whatever happens on the way, every change is written once or in the user's hands`, async () => {
    await fc.assert(
      fc.asyncProperty(simulatedSteps, fc.nat(), async (steps, choice) => {
        const folder = await mkdtemp(join(tmpdir(), "panopticon-writes-"));
        try {
          await runWriteSimulation({ tracker, steps, choice, folder });
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      }),
      { numRuns: perTracker, endOnFailure: process.env.SHRINK === undefined },
    );
  });
}

test("there is a simulation for every tracker", () => {
  assert.deepEqual([...emulatedTrackers].toSorted(), trackers.map(({ id }) => id).toSorted());
});
