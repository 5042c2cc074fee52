import assert from "node:assert/strict";
import type { Fault } from "../../../emulators/emulator.ts";
import type { FaultRow } from "../fault-row.ts";
import type { FaultStage } from "../fault-stage.ts";

const slowDown = /asks to slow down|rate limit is reached/;
const minute = 60_000;

/** Asserts the connection's state, and that nothing is sent, while a limit holds. */
async function assertLimited(stage: FaultStage): Promise<void> {
  assert.equal((await stage.shown()).health, "limited");
  const requests = stage.emulator.requests.list();
  const refused = requests.find(({ status }) => status >= 400);
  assert.ok(refused, "the limit was met");
  const later = requests.filter(({ at }) => at > refused.at);
  assert.deepEqual(
    later.map(({ url }) => url),
    [],
    "nothing is sent while it is forbidden",
  );
}

const byTracker = (faults: Readonly<Record<string, Fault>>, otherwise: Fault) => (stage: FaultStage) => {
  stage.emulator.faults.add(faults[stage.emulator.tracker] ?? otherwise);
};

export const limitRows: readonly FaultRow[] = [
  {
    name: "429 with Retry-After",
    forms: { linear: "400 RATELIMITED with the time of the reset: Linear sends no Retry-After" },
    strike: byTracker(
      { github: { kind: "secondary-limit", value: 300, status: 429 } },
      { kind: "rate-limit", value: 300 },
    ),
    lastsMs: 4 * minute,
    says: slowDown,
    during: assertLimited,
  },
  {
    name: "the hourly budget is spent",
    forms: { rally: "429 with half an hour in Retry-After: Rally has no budget" },
    strike: byTracker({}, { kind: "rate-limit", value: 1_800 }),
    lastsMs: 25 * minute,
    unwatched: true,
    says: slowDown,
    during: assertLimited,
  },
  {
    name: "GitHub's secondary limit",
    forms: {
      gitlab: "a single call's own limit: 429 without a word of how long",
      jira: "the limit of bursts: 429 without Retry-After",
      linear: "the points of complexity are spent",
      rally: "429 without a word of how long, from what stands before Rally",
    },
    strike: byTracker({}, { kind: "secondary-limit" }),
    lastsMs: 50_000,
    says: slowDown,
    during: assertLimited,
  },
  {
    name: "missing limit headers",
    strike({ emulator }) {
      emulator.faults.add({ kind: "no-limit-headers", times: Number.POSITIVE_INFINITY });
      emulator.faults.add({ kind: "secondary-limit", status: 429 });
    },
    lastsMs: 50_000,
    says: slowDown,
    during: assertLimited,
  },
];
