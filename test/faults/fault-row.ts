import assert from "node:assert/strict";
import type { FaultStage } from "./fault-stage.ts";
import { assertAllowed } from "./allowed-times.ts";
import { assertMirrorEquals } from "../support/compare.ts";
import type { IssueListShape } from "../../src/server/contract/issue.ts";
import { assertPlain, assertSays } from "./plain-words.ts";
import { assertApplied, makeChanges, openOperations, pickForOthers } from "./user-changes.ts";

/** A fault of one tracker while the others work. */
export type FaultRow = {
  readonly name: string;
  /** How the fault appears in trackers where it differs from its name, by tracker. */
  readonly forms?: Readonly<Record<string, string>>;
  /** Starts the fault. Faults it adds to the emulator are cleared afterwards. */
  strike(stage: FaultStage): void | Promise<void>;
  /** Its duration, in milliseconds of the virtual clock. */
  readonly lastsMs: number;
  /** Nobody watches the board, so polls are rare, as during an hour offline. */
  readonly unwatched?: true;
  /** The connection's message meanwhile; absent: the fault is handled without one. */
  readonly says?: RegExp;
  /** Additional assertions meanwhile. */
  during?(stage: FaultStage): void | Promise<void>;
  /** Ends what clearing the emulator's faults does not. */
  mend?(stage: FaultStage): void | Promise<void>;
  /** Runs a sweep, as happens once a day. */
  readonly sweeps?: true;
};

/** Long enough for everything that waits: rejected credentials are probed every 15 minutes. */
const maxRounds = 25;
const roundMs = 60_000;

/** Takes one tracker through a fault. Throws a failed assertion; afterwards everything is as before, and the stage can be reused. */
export async function runRow(row: FaultRow, stage: FaultStage): Promise<void> {
  const { app, emulator, others } = stage;
  for (const { requests } of [emulator, ...others]) requests.clear();
  const stopWatching = row.unwatched === true ? () => undefined : app.sync.watch({ board: true });
  try {
    await row.strike(stage);
    await stage.pass(1_000);
    const changes = await makeChanges(stage);
    const news = others.map((other) => changeSomething(other.world, stage));
    await stage.pass(row.lastsMs);

    for (const word of news)
      assert.equal(await countFound(stage, word), 1, `${word} of another tracker arrived meanwhile`);
    for (const { tracker } of others) assert.equal((await stage.shown(tracker)).health, "ok", tracker);
    if (row.says !== undefined) await assertTold(stage, row.says);
    await row.during?.(stage);

    emulator.faults.clear();
    await row.mend?.(stage);
    // Changes made afterwards arrive without anyone asking for them.
    const since = [emulator, ...others].map((one) => changeSomething(one.world, stage));
    await untilCalm(stage, since);
    const { failures } = await app.sync.syncNow({ sweep: row.sweeps === true });
    assert.deepEqual(
      failures.map(({ source, error }) => `${source}: ${error.message}`),
      [],
    );
    assertAllowed(emulator.requests.list());
    await assertApplied(stage, changes);
    for (const { id } of await openOperations(stage)) await stage.ask("POST", `/api/outbox/${id}/drop`);
    await assertMirrorEquals(app.store, [emulator, ...others]);
    assert.deepEqual(await app.store.check(), []);
  } finally {
    stopWatching();
  }
}

function changeSomething(world: FaultStage["emulator"]["world"], stage: FaultStage): string {
  const title = stage.word();
  world.edit(pickForOthers(world, stage), { title });
  return title;
}

async function countFound(stage: FaultStage, word: string): Promise<number> {
  return (await stage.get<IssueListShape>(`/api/issues?q=${word}`)).total;
}

/** The message is where the user looks: in the API behind the board, and in `pan status`. */
async function assertTold(stage: FaultStage, words: RegExp): Promise<void> {
  const { error } = await stage.shown();
  assertSays(error, words);
  const { stdout, stderr } = await stage.home.here(["status"]);
  assertPlain(stdout + stderr);
  assert.ok(stderr.includes(error?.message ?? ""), stderr);
}

/** Advances time until every tracker is in sync, nothing is pending, and these words have arrived. */
async function untilCalm(stage: FaultStage, words: readonly string[]): Promise<void> {
  const { emulator, others } = stage;
  for (let round = 0; ; round += 1) {
    await stage.pass(roundMs);
    const states = (await openOperations(stage)).map(({ state }) => state);
    const trackers = await Promise.all([emulator, ...others].map(({ tracker }) => stage.shown(tracker)));
    const counts = await Promise.all(words.map((word) => countFound(stage, word)));
    const isCalm =
      states.every((state) => state === "refused" || state === "conflict") &&
      trackers.every(({ health, error }) => health === "ok" && error === null) &&
      counts.every((count) => count === 1);
    if (isCalm) return;
    const standing = JSON.stringify([states, counts, trackers.map(({ id, health, error }) => [id, health, error])]);
    assert.ok(round < maxRounds, `it does not come to rest: ${standing}`);
  }
}
