import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Emulator } from "../../emulators/emulator.ts";
import { startEmulator } from "../../emulators/start.ts";
import type { OutboxShape } from "../../src/server/contract/change.ts";
import type { IssueListShape, IssueShape } from "../../src/server/contract/issue.ts";
import { systemClock } from "../../src/domain/clock.ts";
import { findTracker } from "../../src/trackers/registry.ts";
import { openStore } from "../../src/store/open-store.ts";
import { eventually, isSynced, makeHome, type PanServer, sourceOf, startPan, untilTrackers } from "./stage.ts";

/** A deterministic generator of numbers from 0 up to `below`. */
export function createDice(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1;
  return (below) => {
    // xorshift32; https://en.wikipedia.org/wiki/Xorshift
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

type Expected = {
  /** In the order sent; `sure`: the server acknowledged it. An issue created here gets another address once its tracker names it. */
  readonly renames: { readonly address: string; readonly title: string; sure: boolean }[];
  /** Texts of new issues and comments; `sure`: the server acknowledged it. */
  readonly made: {
    readonly kind: "issue" | "comment";
    readonly text: string;
    readonly emulator: Emulator;
    sure: boolean;
  }[];
};

/**
 * Kills real servers (SIGKILL) at random moments during changes, and checks at the end that nothing acknowledged is lost and nothing was created twice.
 * `report` is called for each kill. Throws a failed assertion.
 */
export async function runKills(options: {
  readonly trackers: readonly string[];
  readonly kills: number;
  readonly seed: number;
  readonly report?: (line: string) => void;
}): Promise<void> {
  const dice = createDice(options.seed);
  const emulators = await Promise.all(
    options.trackers.map((tracker) =>
      startEmulator(tracker, { issues: 20, seed: options.seed, sources: 1, closed: 0, budget: 10_000_000 }),
    ),
  );
  await using home = makeHome({ emulators, projects: toProjects(emulators) });
  const expected: Expected = { renames: [], made: [] };
  try {
    const first = await startPan(home);
    await untilTrackers(first, (shape) => isSynced(shape), "the first sync");
    await kill(first);
    for (let round = 0; round < options.kills; round += 1) {
      const server = await startPan(home);
      const { issues } = await server.get<IssueListShape>("/api/issues?limit=200");
      const stop = new AbortController();
      const name = `${options.seed}-${round}`;
      const work = changeUntilKilled({ server, emulators, issues, expected, dice, name }, stop.signal);
      await sleep(20 + dice(400));
      await kill(server);
      stop.abort();
      await work;
      options.report?.(`kill ${round + 1} of ${options.kills}`);
    }
    await settle(await startPan(home), expected);
    checkMade(expected);
    await checkDatabase(home.paths.databaseFile);
  } finally {
    for (const emulator of emulators) await emulator.close();
  }
}

function toProjects(emulators: readonly Emulator[]): string {
  const lines = emulators.map(
    (emulator) => `    ${findTracker(emulator.tracker)?.sourceKeys[0]?.key}: "${sourceOf(emulator)}"\n`,
  );
  return `projects:\n  one:\n    history: all\n${lines.join("")}`;
}

async function kill(server: PanServer): Promise<void> {
  process.kill(server.pid, "SIGKILL");
  server.process.kill("SIGKILL");
  await server.finished;
}

type Round = {
  readonly server: PanServer;
  readonly emulators: readonly Emulator[];
  /** The issues to rename and comment on. */
  readonly issues: readonly IssueShape[];
  readonly expected: Expected;
  readonly dice: (below: number) => number;
  /** Contained in everything the round writes. */
  readonly name: string;
};

/** Makes one change after another until the server is gone. */
async function changeUntilKilled(
  { server, emulators, issues, expected, dice, name }: Round,
  signal: AbortSignal,
): Promise<void> {
  for (let number = 0; !signal.aborted; number += 1) {
    const text = `kill ${name} ${number}.`;
    const issue = issues[dice(issues.length)];
    const emulator = emulators[dice(emulators.length)];
    assert.ok(issue && emulator);
    const what = dice(4);
    try {
      if (what < 2) await rename(server, issue, text, expected);
      else if (what === 2) {
        const input = { source: sourceOf(emulator), title: text, body: text };
        await make(server, { kind: "issue", text, emulator }, { path: "/api/issues", input }, expected);
      } else {
        const own = emulators.find(({ tracker }) => tracker === issue.tracker);
        assert.ok(own);
        const path = `/api/issues/${encodeURIComponent(issue.address)}/comments`;
        await make(server, { kind: "comment", text, emulator: own }, { path, input: { body: text } }, expected);
      }
    } catch (error) {
      // The connection broke because the server is dead. An assertion, however, is a real failure.
      if (error instanceof assert.AssertionError) throw error;
      return;
    }
  }
}

async function rename(server: PanServer, { address }: IssueShape, title: string, { renames }: Expected): Promise<void> {
  const entry = { address, title, sure: false };
  renames.push(entry);
  const { status, body } = await server.ask("PATCH", `/api/issues/${encodeURIComponent(address)}`, { title });
  assert.equal(status, 200, JSON.stringify(body));
  entry.sure = true;
}

async function make(
  server: PanServer,
  thing: Omit<Expected["made"][number], "sure">,
  { path, input }: { readonly path: string; readonly input: unknown },
  { made }: Expected,
): Promise<void> {
  const entry = { ...thing, sure: false };
  made.push(entry);
  const { status, body } = await server.ask("POST", path, input);
  assert.equal(status, 201, JSON.stringify(body));
  entry.sure = true;
}

/** Lets the last server deliver the rest, and compares titles with what was acknowledged. */
async function settle(server: PanServer, { renames }: Expected): Promise<void> {
  try {
    await eventually(
      async () => {
        const { operations } = await server.get<OutboxShape>("/api/outbox?limit=1000");
        for (const { state, reason } of operations) assert.notEqual(state, "refused", reason ?? "");
        return operations.length === 0 ? true : undefined;
      },
      "an empty outbox",
      // Jira's index may lag by minutes.
      { timeoutMs: 240_000, describe: () => server.get("/api/outbox") },
    );
    /** Each issue's current title, under whichever address it was renamed, and its renames in order. */
    const byIssue = new Map<string, { title: string; renames: Expected["renames"] }>();
    for (const rename of renames) {
      const issue = await server.get<IssueShape>(`/api/issues/${encodeURIComponent(rename.address)}`);
      const known = byIssue.get(issue.address) ?? { title: issue.title, renames: [] };
      byIssue.set(issue.address, known);
      known.renames.push(rename);
    }
    for (const [address, { title, renames: own }] of byIssue) {
      const lastSure = own.findLastIndex(({ sure }) => sure);
      if (lastSure === -1) continue;
      const possible = own.slice(lastSure).map((rename) => rename.title);
      assert.ok(possible.includes(title), `${address} is “${title}”, not one of ${possible.join(", ")}`);
    }
  } finally {
    await server.stop();
  }
}

function checkMade({ made }: Expected): void {
  for (const { kind, text, emulator, sure } of made) {
    const { world } = emulator;
    const found =
      kind === "issue"
        ? // By body, which never changes: a later round may have changed the title.
          world.issues().filter(({ title, body }) => title === text || body.includes(text)).length
        : world
            .issues()
            .flatMap(({ nativeId }) => world.comments?.(nativeId) ?? [])
            .filter(({ body }) => body.includes(text)).length;
    if (sure)
      assert.equal(
        found,
        1,
        `the ${kind} “${text}” in ${emulator.tracker} was acknowledged and is there ${found} times`,
      );
    else assert.ok(found <= 1, `the ${kind} “${text}” in ${emulator.tracker} is there ${found} times`);
  }
}

async function checkDatabase(file: string): Promise<void> {
  const store = await openStore({ databaseUrl: null, file, clock: systemClock, readOnly: true });
  try {
    assert.deepEqual(await store.check(), []);
  } finally {
    await store.close();
  }
}
