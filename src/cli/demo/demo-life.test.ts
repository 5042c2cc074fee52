import assert from "node:assert/strict";
import { test } from "node:test";
import { startEmulators } from "../../../emulators/start.ts";
import { liveOnce } from "./demo-life.ts";

/** Deterministic pseudo-random numbers. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

test("colleagues create, comment, assign, advance and finish issues, in every tracker", async () => {
  let time = Date.UTC(2026, 10, 22);
  const started = await startEmulators({ issues: 60, seed: 5, now: () => (time += 1000) });
  const { emulators } = started;
  try {
    const random = numbers(7);
    const seen = new Set<string>();
    for (let turn = 0; turn < 300; turn++) {
      const before = new Map(
        Object.entries(emulators).map(([tracker, { world }]) => [tracker, JSON.stringify(world.issues())]),
      );
      const event = liveOnce(emulators, random);
      if (event === null) continue;
      for (const [tracker, { world }] of Object.entries(emulators)) {
        const changed = JSON.stringify(world.issues()) !== before.get(tracker);
        assert.equal(changed, tracker === event.tracker, `${event.tracker} ${event.issue} ${event.what}`);
      }
      seen.add(`${event.tracker}: ${event.what.split(" ")[0]}`);
    }
    for (const tracker of Object.keys(emulators)) {
      for (const what of ["created", "commented", "assigned", "moved"])
        assert.ok(seen.has(`${tracker}: ${what}`), what);
      const { world } = emulators[tracker] ?? assert.fail();
      assert.ok(
        world.issues().some(({ closed }) => !closed),
        "work is left to do",
      );
    }
  } finally {
    await started.close();
  }
});

test("creates an issue in a source without any", async () => {
  const started = await startEmulators({ issues: 1, seed: 5 });
  const { emulators } = started;
  try {
    for (const { world } of Object.values(emulators)) for (const { nativeId } of world.issues()) world.delete(nativeId);
    assert.equal(liveOnce(emulators, numbers(1))?.what, "created");
  } finally {
    await started.close();
  }
});
