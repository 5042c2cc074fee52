import { emulatedTrackers } from "../emulators/start.ts";
import { runKills } from "../test/support/kill-run.ts";
import { simulateWrites } from "../test/support/simulation/write-simulation.ts";
import type { BenchCase } from "./measure.ts";

/** `SIMULATIONS=500` and `KILLS=50` make shorter runs; the output includes the numbers. */
const simulations = Number(process.env["SIMULATIONS"] ?? 10_000);
const kills = Number(process.env["KILLS"] ?? 1_000);

export const simulationCase: BenchCase = {
  name: "simulate",
  about: `${simulations} simulated runs of writes with faults and deaths at any call, over all trackers (an hour or more)`,
  async run(report) {
    const seed = Date.now() % 2 ** 31;
    let done = 0;
    const each = Math.ceil(simulations / emulatedTrackers.length);
    for (const tracker of emulatedTrackers) {
      await simulateWrites(
        { tracker, runs: each },
        {
          seed,
          ended() {
            done += 1;
            if (done % 200 === 0) report(`${done} of ${each * emulatedTrackers.length}`);
          },
        },
      );
    }
    return [
      {
        what: "simulated runs of writes after which every invariant holds",
        measured: `${done} of ${done} (seed ${seed})`,
        must: "10,000 of 10,000",
        ok: done >= 10_000,
        page: "reliability",
        data: { done, seed },
      },
    ];
  },
};

export const killsCase: BenchCase = {
  name: "kills",
  about: `${kills} real servers killed (SIGKILL) while changes come in (an hour or more)`,
  async run(report) {
    const perRun = Math.min(250, kills);
    let done = 0;
    const started = Date.now() % 1_000_000;
    for (let run = 0; done < kills; run += 1) {
      await runKills({
        trackers: emulatedTrackers,
        kills: perRun,
        seed: started + run,
        report: (line) => {
          if (line.includes("0 of ")) report(line);
        },
      });
      done += perRun;
      report(`${done} kills`);
    }
    return [
      {
        what: "kills of a real server after which nothing acknowledged is lost or doubled",
        measured: `${done} of ${done} (seed ${started})`,
        must: "1,000 of 1,000",
        ok: done >= 1_000,
        page: "reliability",
        data: { done, seed: started },
      },
    ];
  },
};
