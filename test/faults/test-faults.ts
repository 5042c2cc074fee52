import { describe, test } from "node:test";
import { after } from "../support/hooks.ts";
import { createFaultStage, type FaultStage } from "./fault-stage.ts";
import { faultTable } from "./fault-table.ts";
import { runRow } from "./fault-row.ts";
import { runFullDisk } from "./full-disk.ts";

const seed = Number(process.env["FAULT_SEED"] ?? Date.now() % 100_000);

/** Two others suffice to show that a tracker's problem does not spread; each tracker is an "other" of two trackers. */
const others = 2;

/**
 * Runs every fault on one tracker, on a virtual clock. Checks that no request is sent too early, the other trackers are unaffected, the mirror equals the
 * tracker once it is quiet, everything acknowledged is applied once or reported, the database is intact, and messages are in plain words.
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
          // A failure must not affect the next row.
          const broken = stage;
          stage = null;
          await broken.close();
          throw error;
        }
      });
    }
  });
}
