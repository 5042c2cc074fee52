import { get } from "node:http";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { startEmulator } from "../emulators/start.ts";
import { composeApp } from "../src/cli/compose.ts";
import { resolvePaths } from "../src/config/paths.ts";
import { type BenchCase, ms, percentile } from "./measure.ts";
import { makeHome } from "./support.ts";

const listeners = 1000;
const changes = 20;

export const eventsCase: BenchCase = {
  name: "events",
  about: "from a change on disk to 1,000 listeners",
  async run(report) {
    const emulator = await startEmulator("linear", { issues: 200, seed: 7, sources: 1, budget: 1_000_000 });
    const home = await makeHome(emulator.credentials, { linear: emulator.sources.map((source) => source.key) });
    const env = { PANOPTICON_HOME: home, HOME: home };
    const app = await composeApp({ paths: resolvePaths(env), env, cwd: home });
    await app.sync.syncNow();
    const server = await app.serve({ host: "127.0.0.1", port: 0 });
    const token = (await readFile(resolvePaths(env).tokenFile, "utf8")).trim();
    const delays: number[] = [];
    let writtenAt = 0;
    let heard = 0;
    let wake: () => void = () => undefined;
    const streams = await Promise.all(
      Array.from({ length: listeners }, async () => {
        const request = get(`${server.url}/api/events`, {
          headers: { authorization: `Bearer ${token}` },
          agent: false,
        });
        const [response] = (await once(request, "response")) as [NodeJS.ReadableStream];
        response.on("data", (chunk: Buffer) => {
          if (!chunk.includes("event: change") || writtenAt === 0) return;
          delays.push(performance.now() - writtenAt);
          heard += 1;
          if (heard === listeners) wake();
        });
        return request;
      }),
    );
    report(`${listeners} listeners`);
    app.sync.on((event) => {
      if (event.type === "change") writtenAt = performance.now();
    });
    const [issue] = emulator.world.issues();
    if (issue === undefined) throw new Error("the emulator is empty");
    for (let change = 0; change < changes; change += 1) {
      heard = 0;
      writtenAt = 0;
      const all = new Promise<void>((resolve) => {
        wake = resolve;
      });
      emulator.world.edit(issue.nativeId, { title: `Change ${change}` });
      await app.sync.syncNow();
      await all;
    }
    for (const stream of streams) stream.destroy();
    await app.close();
    await emulator.close();
    await rm(home, { recursive: true });
    const p99 = percentile(delays, 0.99);
    return [
      {
        what: `event to ${listeners.toLocaleString("en")} listeners, p99`,
        measured: ms(p99),
        must: "at most 100 ms",
        ok: p99 <= 100 && delays.length === listeners * changes,
        data: { p99, p50: percentile(delays, 0.5), deliveries: delays.length },
      },
    ];
  },
};
