import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type BenchCase, median, ms, ratio, type Row } from "../measure.ts";
import { makeHome, root, type RunningEmulators, startEmulators } from "../support.ts";
import { clients } from "./clients.ts";
import { delayAnswers, takeTraffic, type Traffic } from "./control.ts";
import { runNode } from "./run-program.ts";

const issues = 10_000;

type Run = Traffic & { readonly ms: number; readonly issues: number };

/** The network distance of the trackers: emulators respond from the same machine, which real trackers never do. */
type Distance = { readonly roundTripMs: number; readonly rounds: number; readonly words: string };

export const firstSyncCase: BenchCase = {
  name: "peers-first-sync",
  about: "a first sync of 10,000 issues, stored and searchable, against each tracker's client that only fetches them",
  run: (report) => compare({ roundTripMs: 0, rounds: 3, words: "" }, report),
};

export const farFirstSyncCase: BenchCase = {
  name: "peers-first-sync-far",
  about: "the same with 150 ms to the trackers and back",
  run: (report) => compare({ roundTripMs: 150, rounds: 2, words: ", 150 ms to the trackers and back" }, report),
};

async function compare(distance: Distance, report: (line: string) => void): Promise<readonly Row[]> {
  const { roundTripMs, rounds, words } = distance;
  const emulators = await startEmulators(issues);
  const rows: Row[] = [];
  const alone: number[] = [];
  const together: number[] = [];
  const runs = new Map<string, { pan: Run[]; client: Run[] }>();
  try {
    for (const control of Object.values(emulators.control)) await delayAnswers(control, roundTripMs);
    for (let round = 0; round < rounds; round += 1) {
      for (const tracker of Object.keys(emulators.sources)) {
        const own = runs.get(tracker) ?? { pan: [], client: [] };
        runs.set(tracker, own);
        own.client.push(await runClient(emulators, tracker));
        own.pan.push(await runPan(emulators, [tracker]));
        report(`${tracker}: ${describe(own.pan.at(-1))}; ${clients[tracker]?.label}: ${describe(own.client.at(-1))}`);
      }
      alone.push(Math.max(...[...runs.values()].map(({ pan }) => pan.at(-1)?.ms ?? 0)));
      const all = await runPan(emulators, Object.keys(emulators.sources));
      report(`all five: ${describe(all)}`);
      together.push(all.ms);
    }
  } finally {
    await emulators.stop();
  }
  for (const [tracker, { pan, client }] of runs) {
    const [own, theirs] = [median(pan.map((run) => run.ms)), median(client.map((run) => run.ms))];
    rows.push({
      what: `${tracker}: first sync of 10,000 issues by \`pan sync\`, stored and searchable, against ${clients[tracker]?.label} fetching them into memory, whole processes${words}`,
      measured: `${ratio(own, theirs)} (${ms(own)}, ${traffic(pan[0])}; against ${ms(theirs)}, ${traffic(client[0])})`,
      must: "at most 1.15 ×",
      ok: own <= 1.15 * theirs,
      data: { own, theirs },
    });
  }
  const [five, slowest] = [median(together), median(alone)];
  rows.push({
    what: `first sync of five trackers at once, 10,000 issues each, against the slowest alone${words}`,
    measured: `${ratio(five, slowest)} (${ms(five)} against ${ms(slowest)})`,
    must: "at most 1.3 ×",
    ok: five <= 1.3 * slowest,
    data: { five, slowest },
  });
  return rows;
}

function describe(run: Run | undefined): string {
  return run === undefined ? "nothing" : `${ms(run.ms)}, ${traffic(run)}`;
}

function traffic(run: Run | undefined): string {
  if (run === undefined) return "nothing";
  return `${run.issues.toLocaleString("en")} issues, ${run.requests} requests, ${(run.bytes / 2 ** 20).toFixed(1)} MiB`;
}

async function measure(
  emulators: RunningEmulators,
  trackers: readonly string[],
  work: () => Promise<number>,
): Promise<Run> {
  const controls = trackers.map((tracker) => emulators.control[tracker] ?? "");
  for (const control of controls) await takeTraffic(control);
  const started = performance.now();
  const found = await work();
  const took = performance.now() - started;
  const traffic = await Promise.all(controls.map(takeTraffic));
  return {
    ms: took,
    issues: found,
    requests: traffic.reduce((sum, { requests }) => sum + requests, 0),
    bytes: traffic.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function runClient(emulators: RunningEmulators, tracker: string): Promise<Run> {
  return measure(emulators, [tracker], async () => {
    const sources = emulators.sources[tracker]?.join(",") ?? "";
    const { issues: found } = JSON.parse(
      await runNode([join(root, "bench", "peers", "list.ts"), tracker, sources], emulators.env),
    ) as { issues: number };
    if (found !== issues) throw new Error(`${clients[tracker]?.label} found ${found} issues`);
    return found;
  });
}

/** Runs `pan sync` in an empty home. */
async function runPan(emulators: RunningEmulators, trackers: readonly string[]): Promise<Run> {
  const sources = Object.fromEntries(trackers.map((tracker) => [tracker, emulators.sources[tracker] ?? []]));
  const home = await makeHome(emulators.env, sources);
  try {
    return await measure(emulators, trackers, async () => {
      const { changed } = JSON.parse(
        await runNode([join(root, "dist", "pan.js"), "sync", "--json"], { PANOPTICON_HOME: home, HOME: home }),
      ) as { changed: number };
      if (changed !== issues * trackers.length) throw new Error(`${changed} issues were synced`);
      return changed;
    });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
