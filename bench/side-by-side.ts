import { rm } from "node:fs/promises";
import { type BenchCase, median, ms, ratio, type Row } from "./measure.ts";
import { makeHome, type RunningEmulators, setFault, startEmulators, startServer, untilSynced } from "./support.ts";

const issuesEach = 10_000;
const rounds = 3;

/** Faults of one tracker while the others sync; each lasts until it is cleared. */
const troubles: Readonly<Record<string, { kind: string; value?: number }>> = {
  slow: { kind: "slow", value: 3000 },
  limited: { kind: "rate-limit", value: 3600 },
  down: { kind: "server-error", value: 503 },
};

export const sideBySideCase: BenchCase = {
  name: "side-by-side",
  about: "a first sync of 10,000 issues of every tracker, and how far one in trouble delays the others",
  async run(report) {
    const emulators = await startEmulators(issuesEach);
    const trackers = Object.keys(emulators.sources);
    const [troubled = "", ...others] = trackers;
    const untroubled: number[] = [];
    const withTrouble: Record<string, number[]> = Object.fromEntries(Object.keys(troubles).map((name) => [name, []]));
    try {
      for (let round = 0; round < rounds; round += 1) {
        // The baseline is the others without this tracker, because with it they share the CPU.
        untroubled.push(await slowest(emulators, others, others));
        for (const [name, fault] of Object.entries(troubles)) {
          await setFault(emulators, troubled, { ...fault, times: null });
          withTrouble[name]?.push(await slowest(emulators, trackers, others));
          await setFault(emulators, troubled, null);
        }
      }
      const all = await slowest(emulators, trackers, trackers);
      report(`${trackers.length} × ${issuesEach.toLocaleString("en")} issues in ${(all / 1000).toFixed(1)} s`);
    } finally {
      await emulators.stop();
    }
    const base = median(untroubled);
    return Object.entries(withTrouble).map(([name, times]): Row => {
      const delayed = median(times);
      return {
        what: `first sync of ${others.length} × ${issuesEach.toLocaleString("en")} issues while one more tracker is ${name}`,
        measured: `${ratio(delayed, base)} (${ms(delayed)} against ${ms(base)})`,
        must: "at most 1.1 ×",
        ok: delayed <= 1.1 * base,
        data: { delayed, base },
      };
    });
  },
};

/** Syncs a fresh mirror of some trackers; returns how long the slowest of `watched` takes, in milliseconds. */
async function slowest(
  emulators: RunningEmulators,
  trackers: readonly string[],
  watched: readonly string[],
): Promise<number> {
  const sources = Object.fromEntries(
    Object.entries(emulators.sources).filter(([tracker]) => trackers.includes(tracker)),
  );
  const home = await makeHome(emulators.env, sources);
  const server = await startServer(home);
  try {
    return Math.max(...Object.values(await untilSynced(server, watched)));
  } finally {
    await server.stop();
    await rm(home, { recursive: true, force: true });
  }
}
