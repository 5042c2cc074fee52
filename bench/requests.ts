import type { Emulator } from "../emulators/emulator.ts";
import { startEmulator } from "../emulators/start.ts";
import { createTestMirror } from "../test/support/mirror.ts";
import type { BenchCase, Row } from "./measure.ts";

const entries = 10_000;

/** The minimum cost of listing 10,000 entries of one state (docs of each tracker: page size, pagination by time). */
const trackers: Readonly<
  Record<
    string,
    {
      floor: number;
      issues: number;
      isList: (url: string, body: string) => boolean;
      /** For trackers with several editions: the tracker's id and the edition. */
      edition?: { tracker: string; variant: string };
    }
  >
> = {
  // The list contains pull requests, half as many as issues.
  github: {
    floor: 101,
    issues: Math.round((entries * 2) / 3),
    isList: (url) => /\/repos\/[^/]+\/[^/]+\/issues\?/.test(url),
  },
  // Continued by time, whatever pagination the server supports.
  gitlab: { floor: 101, issues: entries, isList: (url) => /\/issues\?.*order_by=updated_at/.test(url) },
  jira: { floor: 100, issues: entries, isList: (_url, body) => body.includes('"summary"') },
  // Paginated by time, which takes one more request.
  "jira data center": {
    floor: 101,
    issues: entries,
    isList: (url) => /\/search\?.*summary/.test(url),
    edition: { tracker: "jira", variant: "data-center" },
  },
  linear: { floor: 40, issues: entries, isList: (_url, body) => body.includes("query Issues(") },
  // 2,000 per page, continued by time. Open and finished work share a list, so there is no separate pass over closed issues.
  rally: { floor: 6, issues: entries, isList: (url) => /\/artifact\?.*order=LastUpdateDate/.test(url) },
};

export const requestsCase: BenchCase = {
  name: "requests",
  about: "requests of a first sync of 10,000 entries, of an idle poll, and of a poll with one change",
  async run(report) {
    const rows: Row[] = [];
    for (const [tracker, { floor, issues, isList, edition }] of Object.entries(trackers)) {
      const emulator = await startEmulator(edition?.tracker ?? tracker, {
        issues,
        seed: 7,
        closed: 0,
        sources: 1,
        budget: 1_000_000,
        ...(edition === undefined ? {} : { variant: edition.variant }),
      });
      const mirror = await createTestMirror([emulator]);
      const lists = () => emulator.requests.list().filter((request) => isList(request.url, request.body)).length;
      try {
        const first = await mirror.sync.syncNow();
        const listed = lists();
        report(`${tracker}: ${first.changed} issues, ${listed} list requests, ${first.requests} in all`);
        // One more page for the pass over closed issues, which is empty.
        const passes = 1;
        rows.push({
          what: `${tracker}: list requests, first sync of 10,000 entries`,
          measured: `${listed}`,
          must: `at most ${Math.floor(floor * 1.02) + passes} (1.02 × ${floor}, and ${passes} for the pass over closed ones)`,
          ok: listed <= floor * 1.02 + passes && first.changed === issues,
          data: { listed, all: first.requests, issues: first.changed },
        });

        await mirror.sync.syncNow();
        const idle = await requestsOf(emulator, () => mirror.sync.syncNow());
        rows.push({
          what: `${tracker}: requests of an idle poll`,
          measured: `${idle}`,
          must: "1",
          ok: idle === 1,
          data: { idle },
        });

        const [issue] = emulator.world.issues();
        if (issue === undefined) throw new Error("the emulator is empty");
        emulator.world.edit(issue.nativeId, { title: "One change in 10,000" });
        let changed = 0;
        const one = await requestsOf(emulator, async () => {
          ({ changed } = await mirror.sync.syncNow());
        });
        rows.push({
          what: `${tracker}: requests of a poll with one change`,
          measured: `${one}`,
          must: "at most 2",
          ok: one <= 2 && changed === 1,
          data: { one, changed },
        });
      } finally {
        await mirror.close();
        await emulator.close();
      }
    }
    return rows;
  },
};

async function requestsOf(emulator: Emulator, work: () => Promise<unknown>): Promise<number> {
  emulator.requests.clear();
  await work();
  return emulator.requests.count();
}
