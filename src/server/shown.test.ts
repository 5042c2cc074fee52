import { test } from "node:test";
import fc from "fast-check";
import { emulatedTrackers } from "../../emulators/start.ts";
import { startPostgres } from "../../test/support/postgres.ts";
import { act, type Act } from "../../test/support/shown-model/acts.ts";
import { playShown } from "../../test/support/shown-model/run.ts";
import { openShownStage } from "../../test/support/shown-model/stage.ts";
import { subjectOf } from "../trackers/conformance/subject-of.ts";

// A change that was accepted is at once what every read shows, until the tracker has it, or it is refused, dropped or undone; compared over the HTTP API with a
// model, while the tracker refuses, limits, loses or holds back answers, and others change the same issues. A failure prints its seed and its acts.

async function run(tracker: string, databaseUrl: string | null, acts: readonly Act[]): Promise<void> {
  const stage = await openShownStage(tracker, databaseUrl);
  try {
    await playShown(stage, await subjectOf(tracker), acts);
  } finally {
    stage.emulator.faults.clear();
    await stage.close();
  }
}

const on = (kind: Exclude<Act["kind"], "deliver">, issue: number, pick = 0) => ({ kind, issue, pick }) as Act;
const deliver = (fate: Extract<Act, { kind: "deliver" }>["fate"]): Act => ({
  kind: "deliver",
  issue: 0,
  pick: 0,
  fate,
});
/** Each state of a change at least once. */
const examples: [Act[]][] = [
  [
    [
      on("mention", 0),
      on("comment", 0),
      on("relate", 0),
      on("title and body", 0),
      on("create", 0),
      on("body", 2),
      on("comment", 2),
      on("undo", 2),
      deliver("unreachable"),
      on("restart", 0),
      deliver("refused"),
      on("their title", 0),
      on("title", 1),
      on("their title", 1),
      deliver("held"),
      on("edit comment", 0),
      on("retry", 0),
      deliver("answer lost"),
      on("unrelate", 1, 1),
      on("drop", 0),
    ],
  ],
];
const runs = Number(process.env["SHOWN_RUNS"] ?? 2);
const property = (tracker: string, place: () => Promise<string | null>, numRuns: number) =>
  fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 18, size: "max" }), async (acts) =>
      run(tracker, await place(), acts),
    ),
    { numRuns, endOnFailure: process.env["SHRINK"] === undefined, examples },
  );

for (const tracker of process.env["SHOWN_TRACKERS"]?.split(",") ?? emulatedTrackers) {
  test(`${tracker}: every read shows what was accepted, else what the tracker has`, () =>
    property(tracker, async () => null, runs));
}

test("on PostgreSQL: every read shows what was accepted, else what the tracker has", async () => {
  const postgres = await startPostgres();
  await property("github", () => postgres.createMirror(), Math.ceil(runs / 4));
});
