import { emulatedTrackers } from "../emulators/start.ts";
import { createFaultStage, type FaultStage } from "../test/faults/fault-stage.ts";
import { runRow } from "../test/faults/fault-row.ts";
import { faultTable } from "../test/faults/fault-table.ts";
import { runFullDisk } from "../test/faults/full-disk.ts";
import { runTwoServers } from "../test/faults/two-servers.ts";
import { runKills } from "../test/support/kill-run.ts";
import { measureOthers } from "./faults-others.ts";
import type { BenchCase, Row } from "./measure.ts";

/** How often each fault is tried on each tracker, each time with another seed. */
const runs = Number(process.env["FAULT_RUNS"] ?? 10);

/** Servers killed per seed. */
const kills = 5;

const others = emulatedTrackers.length - 1;

type Count = { readonly held: number; readonly runs: number };

/** Counts `times` runs as passed or failed, and returns whether they passed. */
type Counting = (
  name: string,
  trackers: readonly string[],
  act: () => Promise<void>,
  times?: number,
) => Promise<boolean>;

export const faultsCase: BenchCase = {
  name: "faults",
  about: `every fault at every tracker ${runs} times (FAULT_RUNS), and what the other trackers feel of it`,
  async run(report) {
    const started = Date.now() % 100_000;
    const counts = new Map<string, Map<string, Count>>();
    const count: Counting = async (name, trackers, act, times = 1) => {
      const failure = await act().then(
        () => null,
        (error: unknown) => error,
      );
      const cells = counts.get(name) ?? new Map<string, Count>();
      counts.set(name, cells);
      for (const tracker of trackers) {
        const cell = cells.get(tracker) ?? { held: 0, runs: 0 };
        cells.set(tracker, { held: cell.held + (failure === null ? times : 0), runs: cell.runs + times });
      }
      if (failure !== null)
        report(
          `${name}, ${trackers.join(", ")}: ${failure instanceof Error ? failure.message : JSON.stringify(failure)}`,
        );
      return failure === null;
    };

    for (let run = 0; run < runs; run += 1) {
      const seed = started + run;
      for (const tracker of emulatedTrackers) {
        await meetAll(tracker, seed, count);
        await count("a full disk", [tracker], () => runFullDisk(tracker, seed));
      }
      await count("two servers started on one data directory", emulatedTrackers, () => runTwoServers(seed));
      const killed = () => runKills({ trackers: emulatedTrackers, kills, seed });
      await count("kill -9 while changes come in", emulatedTrackers, killed, kills);
      report(`${run + 1} of ${runs} (seed ${seed})`);
    }
    return [...[...counts].map(([name, cells]) => toRow(name, cells)), ...(await measureOthers(report))];
  },
};

/** Runs every fault of the table on one stage; after a failure, continues with a new stage. */
async function meetAll(tracker: string, seed: number, count: Counting): Promise<void> {
  let stage: FaultStage | null = null;
  for (const row of faultTable) {
    const present: FaultStage = stage ?? (await createFaultStage(tracker, seed, others));
    const held = await count(row.name, [tracker], () => runRow(row, present));
    stage = held ? present : null;
    if (!held) await present.close();
  }
  await stage?.close();
}

function toRow(name: string, cells: ReadonlyMap<string, Count>): Row {
  const all = [...cells.values()];
  const held = all.reduce((sum, cell) => sum + cell.held, 0);
  const tried = all.reduce((sum, cell) => sum + cell.runs, 0);
  return {
    what: `fault: ${name}`,
    measured: `${held} of ${tried}`,
    must: "all of them",
    ok: held === tried,
    page: "reliability",
    data: Object.fromEntries([...cells].map(([tracker, cell]) => [tracker, [cell.held, cell.runs]])),
  };
}
