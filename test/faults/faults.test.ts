import { after, describe, test } from "node:test";
import { emulatedTrackers } from "../../emulators/start.ts";
import { createFaultStage, type FaultStage } from "./fault-stage.ts";
import { faultTable } from "./fault-table.ts";
import { runRow } from "./fault-row.ts";

// Every fault at every tracker, on a virtual clock: no request before its time, the other trackers as before, the mirror equal to the tracker when it is quiet, what was
// acknowledged applied once or reported, the database whole, and plain words where the user looks.

const seed = Number(process.env["FAULT_SEED"] ?? Date.now() % 100_000);

for (const tracker of emulatedTrackers) {
  describe(`${tracker} (FAULT_SEED=${seed})`, () => {
    let stage: FaultStage | null = null;
    after(() => stage?.close());

    for (const row of faultTable) {
      test(row.name, async () => {
        stage ??= await createFaultStage(tracker, seed);
        try {
          await runRow(row, stage);
        } catch (error) {
          // What a failure left behind must not meet the next row.
          const broken = stage;
          stage = null;
          await broken.close();
          throw error;
        }
      });
    }
  });
}
