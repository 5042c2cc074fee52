import { startEmulator } from "../../emulators/start.ts";
import type { Emulator } from "../../emulators/emulator.ts";
import { createDice } from "../../test/support/kill-run.ts";
import { createTestMirror, type TestMirror } from "../../test/support/mirror.ts";
import { createVirtualClock, type VirtualClock } from "../../test/support/virtual-clock.ts";
import { emulatedTrackers } from "../../emulators/start.ts";
import { type BenchCase, ratio, type Row } from "../measure.ts";
import { clients } from "./clients.ts";
import type { Traffic } from "./control.ts";

const issues = 10_000;
const seconds = 3600;
/** Activity comes in bursts: five bursts of four changes each, some seconds apart. */
const bursts = 5;
const perBurst = 4;

/** An hour of one tracker: its traffic, and the average delay until a change was noticed, in seconds. */
type Hour = Traffic & { readonly lateness: number };

export const hourCase: BenchCase = {
  name: "peers-hour",
  about: "requests and bytes to stay current for an hour, 20 changes in 10,000 issues, against each tracker's client",
  async run(report) {
    const rows: Row[] = [];
    for (const tracker of emulatedTrackers) {
      const polled = await passHour(tracker, "polls");
      const told = await passHour(tracker, "webhooks");
      // A client that polls at a fixed interval notices a change after half of it, on average.
      const since = await listSince(tracker, Math.max(1, Math.round(2 * polled.lateness)));
      const anew = await listAnew(tracker);
      const lists = Math.floor(seconds / Math.max(1, Math.round(2 * polled.lateness)));
      const label = clients[tracker]?.label ?? "";
      report(
        `${tracker}: polls ${say(polled)}, webhooks ${say(told)}, ${label} since ${say(since)}, anew ${say(anew)} a list`,
      );
      rows.push({
        what: `${tracker}: an hour with 20 changes in 10,000 issues under somebody's eyes, polling, against ${label} listing with \`since\` as often as is needed to be as current`,
        measured: `${ratio(polled.requests, since.requests)} (${say(polled)}; against ${say(since)}; one listing anew ${say(anew)})`,
        must: "fewer requests than either",
        ok: polled.requests < since.requests && polled.requests < anew.requests * lists,
        data: { ...numbers("polled", polled), ...numbers("since", since), ...numbers("anew", anew) },
      });
      rows.push({
        what: `${tracker}: the same with webhooks`,
        measured: `${ratio(told.requests, since.requests)} (${say(told)})`,
        must: "fewer requests than either",
        ok: told.requests < since.requests && told.requests < anew.requests * lists,
        data: numbers("told", told),
      });
    }
    return rows;
  },
};

function say({ requests, bytes, ...more }: Traffic & { readonly lateness?: number }): string {
  const late = more.lateness === undefined ? "" : `, known after ${more.lateness.toFixed(1)} s on average`;
  return `${requests} requests, ${(bytes / 1024).toFixed(0)} KiB${late}`;
}

function numbers(name: string, { requests, bytes }: Traffic): Record<string, number> {
  return { [`${name}Requests`]: requests, [`${name}Bytes`]: bytes };
}

function trafficOf(emulator: Emulator): Traffic {
  const list = emulator.requests.list();
  return { requests: list.length, bytes: list.reduce((sum, { bytes }) => sum + bytes, 0) };
}

async function start(tracker: string, clock: VirtualClock): Promise<Emulator> {
  return startEmulator(tracker, { issues, seed: 7, sources: 1, budget: 1_000_000, now: () => clock.now() });
}

/** The seconds at which something changes; the same for every alternative. */
function momentsOfChange(): readonly number[] {
  const dice = createDice(20);
  return Array.from({ length: bursts }, () => 60 + dice(seconds - 240))
    .flatMap((first) => Array.from({ length: perBurst }, (_, index) => first + index * (5 + dice(15))))
    .toSorted((a, b) => a - b);
}

async function passHour(tracker: string, how: "polls" | "webhooks"): Promise<Hour> {
  const clock = createVirtualClock();
  const emulator = await start(tracker, clock);
  const mirror = await createTestMirror([emulator], { clock });
  try {
    await mirror.sync.syncNow();
    mirror.sync.start();
    const unwatch = mirror.sync.watch({ board: true });
    await untilQuiet(mirror, clock, emulator);
    const moments = [...momentsOfChange()];
    /** The times of changes that the mirror does not have yet. */
    let unknown: number[] = [];
    const lateness: number[] = [];
    mirror.sync.on((event) => {
      if (event.type !== "change") return;
      lateness.push(...unknown.map((at) => (clock.now() - at) / 1000));
      unknown = [];
    });
    const all = emulator.world.issues();
    for (let second = 0; second < seconds; second += 1) {
      while (moments[0] === second) {
        moments.shift();
        const issue = all[(second * 7) % all.length];
        if (issue === undefined) throw new Error("the emulator is empty");
        emulator.world.edit(issue.nativeId, { title: `Changed at ${second}` });
        unknown.push(clock.now());
        if (how === "webhooks") {
          const [source] = emulator.sources;
          if (source === undefined) throw new Error("the emulator has no source");
          const hint = { sourceId: source.id, issue: { nativeId: issue.nativeId, key: issue.key }, comments: false };
          mirror.events.length = 0;
          const read = mirror.event(({ type }) => type === "change");
          await mirror.sync.hear(tracker, [hint]);
          await read;
        }
      }
      const due = mirror.sync.status()[0]?.nextSyncAt ?? 0;
      await clock.advance(1000);
      if (due <= clock.now()) await settle(mirror, clock);
    }
    unwatch();
    if (unknown.length > 0 && how === "webhooks") throw new Error(`${unknown.length} changes were never known`);
    return { ...trafficOf(emulator), lateness: lateness.reduce((sum, each) => sum + each, 0) / lateness.length };
  } finally {
    await mirror.close();
    await emulator.close();
  }
}

/** Details missing from the first sync's lists are read with the next polls: the first sync is over once a poll is a single request. */
async function untilQuiet(mirror: TestMirror, clock: VirtualClock, emulator: Emulator): Promise<void> {
  do {
    emulator.requests.clear();
    await clock.advance(Math.max(0, (mirror.sync.status()[0]?.nextSyncAt ?? 0) - clock.now()));
    await settle(mirror, clock);
  } while (emulator.requests.list().length !== 1);
  emulator.requests.clear();
}

/** Requests to real servers take real time: waits until nothing is due. */
async function settle({ sync }: TestMirror, clock: VirtualClock): Promise<void> {
  while ((sync.status()[0]?.nextSyncAt ?? 0) <= clock.now()) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** Lists updates every `interval` seconds, as the client's documentation shows. */
async function listSince(tracker: string, interval: number): Promise<Traffic> {
  const clock = createVirtualClock();
  const emulator = await start(tracker, clock);
  try {
    const moments = [...momentsOfChange()];
    const all = emulator.world.issues();
    let since = clock.now();
    emulator.requests.clear();
    for (let second = 0; second < seconds; second += 1) {
      while (moments[0] === second) {
        moments.shift();
        const issue = all[(second * 7) % all.length];
        if (issue !== undefined) emulator.world.edit(issue.nativeId, { title: `Changed at ${second}` });
      }
      await clock.advance(1000);
      if ((second + 1) % interval !== 0) continue;
      const asked = clock.now();
      await list(tracker, emulator, new Date(since).toISOString().replace(/\.\d+Z$/, "Z"));
      since = asked;
    }
    return trafficOf(emulator);
  } finally {
    await emulator.close();
  }
}

async function listAnew(tracker: string): Promise<Traffic> {
  const emulator = await start(tracker, createVirtualClock());
  try {
    emulator.requests.clear();
    const found = await list(tracker, emulator);
    if (found !== issues) throw new Error(`${clients[tracker]?.label} found ${found} issues`);
    return trafficOf(emulator);
  } finally {
    await emulator.close();
  }
}

async function list(tracker: string, emulator: Emulator, since?: string): Promise<number> {
  const client = clients[tracker];
  if (client === undefined) throw new Error(`there is no client for "${tracker}"`);
  return client.list({ env: emulator.credentials, source: emulator.sources[0]?.key ?? "", since });
}
