import { rm } from "node:fs/promises";
import { ms, percentile, ratio, type Row } from "./measure.ts";
import { makeHome, setFault, startEmulators, startServer, untilSynced } from "./support.ts";

const issuesEach = 1_000;
const rounds = 4;
const callsEach = 50;

/** Faults of one tracker while another one's board is used; each lasts until it is cleared. */
const troubles = [
  { kind: "server-error", value: 503 },
  { kind: "rate-limit", value: 3_600 },
  { kind: "trickle", value: 50 },
  { kind: "slow", value: 500 },
  { kind: "drop" },
  { kind: "malformed-json" },
] as const;

/** How much slower another tracker's board responds while one tracker has a fault: calls with and without it alternate. */
export async function measureOthers(report: (line: string) => void): Promise<readonly Row[]> {
  const emulators = await startEmulators(issuesEach);
  const home = await makeHome(emulators.env, emulators.sources);
  const server = await startServer(home);
  const [troubled = "", other = ""] = Object.keys(emulators.sources);
  const times = { without: [] as number[], with: [] as number[] };
  const look = async (into: number[]) => {
    for (let call = 0; call < callsEach; call += 1) {
      const started = performance.now();
      await server.get(`/api/board?tracker=${other}`);
      into.push(performance.now() - started);
    }
  };
  /** Uses the other tracker's board while this one is synced, whether that succeeds or not. */
  const syncing = async (into: number[]) => {
    const asking = fetch(`${server.url}/api/trackers/${troubled}/sync`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.token}` },
    });
    await look(into);
    await (await asking).arrayBuffer();
  };
  try {
    await untilSynced(server, Object.keys(emulators.sources));
    await look([]);
    for (let round = 0; round < rounds; round += 1) {
      for (const trouble of troubles) {
        await syncing(times.without);
        await setFault(emulators, troubled, { ...trouble, times: null });
        await syncing(times.with);
        await setFault(emulators, troubled, null);
      }
    }
  } finally {
    await server.stop();
    await emulators.stop();
    await rm(home, { recursive: true, force: true });
  }
  const [p95, base] = [percentile(times.with, 0.95), percentile(times.without, 0.95)];
  report(`${times.with.length} calls with a tracker in trouble, ${times.without.length} without`);
  return [
    {
      what: "GET /api/board of one tracker while another has trouble, p95",
      measured: `${ratio(p95, base)} (${ms(p95)} against ${ms(base)})`,
      must: "at most 1.1 ×",
      ok: p95 <= 1.1 * base,
      page: "reliability",
      data: { p95, base },
    },
  ];
}
