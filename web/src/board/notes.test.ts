import assert from "node:assert/strict";
import { test } from "node:test";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { inventedTracker } from "../shell/invented-tracker.ts";
import { notMirroredWords, troublesOf } from "./notes.ts";

test("shows nothing when nothing is missing", () => {
  assert.equal(notMirroredWords([]), null);
  assert.equal(notMirroredWords([{ reason: "older", count: 0 }]), null);
});

test("gives the number and the reason when there is one reason", () => {
  const reason = "closed and not updated in the last 90 days";
  const words = notMirroredWords([
    { reason, count: 400 },
    { reason, count: 28 },
  ]);
  assert.equal(words?.sentence, "428 issues are not mirrored: closed and not updated in the last 90 days");
  assert.equal(words?.short, "428 not mirrored");
});

test("a source that cannot count makes the number a lower bound", () => {
  const words = notMirroredWords([
    { reason: "old", count: 1428 },
    { reason: "The first sync has not finished.", count: null },
  ]);
  assert.equal(words?.sentence, "At least 1,428 issues are not mirrored, for 2 reasons");
});

test("gives the reason alone when no number is known", () => {
  const words = notMirroredWords([{ reason: "The first sync has not finished.", count: null }]);
  assert.equal(words?.sentence, "Not all issues are mirrored: The first sync has not finished");
});

test("lists refused connections, broken sources, unreadable records and invalid files, errors first", () => {
  const trackers: TrackerShape[] = [
    inventedTracker({
      health: "auth",
      error: { code: "auth", message: "The key was refused.", hint: "Make another." },
    }),
    inventedTracker({
      connection: "work",
      sources: [
        { id: "s", name: "acme/app", project: "app", issues: 3, rejected: 2, lastSyncAt: null, error: null },
        {
          id: "t",
          name: "acme/gone",
          project: "app",
          issues: 0,
          rejected: 0,
          lastSyncAt: null,
          error: { code: "not_found", message: "There is no acme/gone.", hint: null },
        },
      ],
    }),
  ];
  const problems = [
    { severity: "warning" as const, file: "config.yaml", line: 4, column: 2, message: "unknown key", hint: null },
  ];
  const warned = troublesOf({
    trackers: [
      inventedTracker({ warnings: [{ code: "invalid_input", message: "A clock is wrong.", hint: "Set it." }] }),
    ],
    problems: [],
    keptMoves: 2,
  });
  assert.deepEqual(
    warned.map(({ severe, text, hint }) => [severe, text, hint]),
    [
      [
        false,
        "2 moves made while it was on stayed here; the board shows the trackers’ states.",
        "Send or drop them in the outbox.",
      ],
      [false, "A clock is wrong.", "Set it."],
    ],
  );
  const found = troublesOf({ trackers, problems, keptMoves: 0 });
  assert.deepEqual(
    found.map(({ severe }) => severe),
    [true, true, false, false],
  );
  assert.deepEqual(
    found.map(({ title }) => title),
    ["One", "One · work, acme/gone", "config.yaml:4:2", "One · work, acme/app"],
  );
  assert.match(found[3]?.text ?? "", /^2 records could not be read/);
});
