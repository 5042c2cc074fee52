import { after, describe, test } from "node:test";
import { createFaultStage, type FaultStage } from "./fault-stage.ts";
import { faultTable } from "./fault-table.ts";
import { runRow } from "./fault-row.ts";
import { runFullDisk } from "./full-disk.ts";

const seed = Number(process.env["FAULT_SEED"] ?? Date.now() % 100_000);

/** Two others are enough to see that a tracker's trouble stays its own; each is one of them at two trackers. */
const others = 2;

/**
 * Every fault at one tracker, on a virtual clock: no request before its time, the other trackers as before, the mirror equal to the tracker when it is quiet, what
 * was acknowledged applied once or reported, the database whole, and plain words where the user looks.
 */
export function testFaults(tracker: string): void {
  describe(`${tracker} (FAULT_SEED=${seed})`, () => {
    let stage: FaultStage | null = null;
    after(() => stage?.close());

    test("a full disk", () => runFullDisk(tracker, seed));

    for (const row of faultTable) {
      test(row.name, async () => {
        stage ??= await createFaultStage(tracker, seed, others);
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
