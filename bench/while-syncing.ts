import { rm } from "node:fs/promises";
import { type BenchCase, median, ms, percentile } from "./measure.ts";
import { makeHome, startEmulators, startServer, untilSynced } from "./support.ts";

const issuesEach = 10_000;
const rounds = 3;
const mostMs = 200;
/** The pace of a user who clicks around. */
const pauseMs = 30;

export const whileSyncingCase: BenchCase = {
  name: "while-syncing",
  about: "reading the board while 10,000 issues of every tracker are synced for the first time",
  async run(report) {
    const emulators = await startEmulators(issuesEach);
    const trackers = Object.keys(emulators.sources);
    const times: number[] = [];
    try {
      for (let round = 0; round < rounds; round += 1) {
        const home = await makeHome(emulators.env, emulators.sources);
        const server = await startServer(home);
        try {
          let took: number | null = null;
          const synced = untilSynced(server, trackers).then((each) => (took = Math.max(...Object.values(each))));
          while (took === null) {
            const started = performance.now();
            await server.get("/api/board");
            times.push(performance.now() - started);
            await Promise.race([synced, new Promise((resolve) => setTimeout(resolve, pauseMs))]);
          }
          report(`${trackers.length} × ${issuesEach.toLocaleString("en")} issues in ${ms(took)}`);
        } finally {
          await server.stop();
          await rm(home, { recursive: true, force: true });
        }
      }
    } finally {
      await emulators.stop();
    }
    const p95 = percentile(times, 0.95);
    return [
      {
        what: `GET /api/board, p95, during a first sync of ${trackers.length} × ${issuesEach.toLocaleString("en")} issues`,
        measured: `${ms(p95)} (p50 ${ms(median(times))}, the longest ${ms(Math.max(...times))}; ${times.length} calls)`,
        must: `below ${mostMs} ms`,
        ok: p95 < mostMs,
        data: { p50: median(times), p95 },
      },
    ];
  },
};
