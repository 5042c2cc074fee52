import assert from "node:assert/strict";
import fc from "fast-check";
import type { Emulator, Fault } from "../../../emulators/emulator.ts";
import { startEmulator } from "../../../emulators/start.ts";
import { assertMirrorEquals, readAllCards } from "../compare.ts";
import { createTestMirror, type TestMirror } from "../mirror.ts";
import { syncInPeace, untilSettled } from "../settle-on-clock.ts";
import { assertReplayEquals, see } from "./replay.ts";
import type { Simulation } from "./simulation.ts";
import { createVirtualClock, type VirtualClock } from "../virtual-clock.ts";

type Step =
  | { kind: "edit"; issue: number; title: string }
  | { kind: "state"; issue: number; state: number }
  | { kind: "create"; source: number; title: string }
  | { kind: "delete"; issue: number }
  | { kind: "move"; issue: number; source: number }
  | { kind: "comment"; issue: number }
  | { kind: "wait"; ms: number }
  | { kind: "sync"; sweep: boolean; fault: Fault | null };

const index = fc.nat({ max: 1000 });
const title = fc.string({ minLength: 1, maxLength: 60, unit: "grapheme" }).filter((text) => text.trim() !== "");

const fault: fc.Arbitrary<Fault> = fc
  .record({
    kind: fc.constantFrom(
      "reset",
      "server-error",
      "truncate",
      "malformed-json",
      "secondary-limit",
      "rate-limit",
      "no-limit-headers",
    ),
    after: fc.nat({ max: 3 }),
    times: fc.integer({ min: 1, max: 4 }),
  })
  .map((each) =>
    each.kind === "server-error"
      ? { ...each, value: 503 }
      : each.kind.endsWith("limit")
        ? { ...each, value: 90 }
        : each,
  );

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("edit" as const), issue: index, title }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("state" as const), issue: index, state: index }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("create" as const), source: index, title }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete" as const), issue: index }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("move" as const), issue: index, source: index }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("comment" as const), issue: index }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 400_000 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant("sync" as const), sweep: fc.boolean(), fault: fc.option(fault) }),
  },
);

function pick<T>(list: readonly T[], at: number): T {
  const found = list[at % list.length];
  assert.ok(found !== undefined);
  return found;
}

/** `vanished` collects the ids of deletions that only a sweep can find. */
async function take(
  each: Step,
  emulator: Emulator,
  mirror: TestMirror,
  clock: VirtualClock,
  vanished: Set<string>,
): Promise<void> {
  const { world, sources } = emulator;
  const issues = world.issues();
  switch (each.kind) {
    case "edit":
      world.edit(pick(issues, each.issue).nativeId, { title: each.title });
      return;
    case "state": {
      const issue = pick(issues, each.issue);
      const possible = world.issues(issue.sourceKey).map((other) => other.state);
      world.edit(issue.nativeId, { state: pick(possible, each.state) });
      return;
    }
    case "create":
      world.create(pick(sources, each.source).key, { title: each.title });
      return;
    case "delete": {
      const { nativeId } = pick(issues, each.issue);
      if (issues.length <= 10) return;
      vanished.add(nativeId);
      world.delete(nativeId);
      return;
    }
    case "move": {
      const issue = pick(issues, each.issue);
      const target = pick(sources, each.source);
      if (target.key === issue.sourceKey || world.move === undefined) return;
      vanished.add(issue.nativeId);
      world.move(issue.nativeId, target.key);
      return;
    }
    case "comment":
      world.comment(pick(issues, each.issue).nativeId, "And another thing");
      return;
    case "wait":
      await clock.advance(each.ms);
      return;
    case "sync":
      if (each.fault !== null) emulator.faults.add(each.fault);
      await untilSettled(mirror.sync.syncNow({ sweep: each.sweep }), clock);
      emulator.faults.clear();
  }
}

async function quiet(
  emulator: Emulator,
  mirror: TestMirror,
  clock: VirtualClock,
  vanished: ReadonlySet<string>,
): Promise<Map<string, string>> {
  emulator.faults.clear();
  // Incremental syncs only, because a sweep would hide a cursor that skipped a change (I3).
  await syncInPeace(mirror, clock, false);
  await assertMirrorEquals(mirror.store, [emulator], vanished);
  await syncInPeace(mirror, clock, true);
  await assertMirrorEquals(mirror.store, [emulator]);
  return new Map((await readAllCards(mirror.store)).map((card) => [card.ref, JSON.stringify(card)]));
}

/**
 * Random changes by others, random faults and random polls on a virtual clock. After every quiet point the mirror equals the tracker (I1, I3), and listeners
 * heard of every changed card, under increasing numbers (I4). Throws fast-check's report.
 */
export async function simulateSync({ tracker, runs }: Simulation): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => runSimulation(tracker, steps)),
    { numRuns: runs },
  );
}

async function runSimulation(tracker: string, steps: readonly Step[]): Promise<void> {
  const clock = createVirtualClock();
  const emulator = await startEmulator(tracker, { issues: 30, seed: 7, now: clock.now });
  const mirror = await createTestMirror([emulator], { clock });
  try {
    const before = await quiet(emulator, mirror, clock, new Set());
    const seen = await see(mirror.store);
    const vanished = new Set<string>();
    mirror.events.length = 0;
    for (const each of steps) await take(each, emulator, mirror, clock, vanished);
    const after = await quiet(emulator, mirror, clock, vanished);

    const changes = mirror.events.filter((event) => event.type === "change");
    const heard = new Set(changes.flatMap((change) => change.refs));
    for (const ref of new Set([...before.keys(), ...after.keys()])) {
      if (before.get(ref) !== after.get(ref)) assert.ok(heard.has(ref), `${ref} changed and nobody was told`);
    }
    const numbers = changes.map((change) => change.sequence);
    assert.deepEqual(
      numbers,
      [...new Set(numbers)].sort((a, b) => a - b),
      "sequence numbers only grow",
    );
    await assertReplayEquals(mirror.store, seen);
    assert.deepEqual(await mirror.store.check(), []);
  } finally {
    await mirror.close();
    await emulator.close();
  }
}
