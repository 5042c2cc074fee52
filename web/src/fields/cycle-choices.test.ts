import assert from "node:assert/strict";
import { test } from "node:test";
import { cycleChoices, cycleWords } from "./cycle-choices.ts";

const now = Date.parse("2026-11-27T12:00:00Z");
const day = (month: number, date: number) => new Date(Date.UTC(2026, month - 1, date)).toISOString();
/** A day's end: the midnight after it. */
const end = (month: number, date: number) => day(month, date + 1);
const cycle = (name: string, startsAt: string | null, endsAt: string | null) => ({ name, startsAt, endsAt });
const sprints = {
  source: "a",
  tracker: "linear",
  cycles: [
    cycle("Cycle 1", day(10, 1), end(10, 14)),
    cycle("Cycle 2", day(10, 15), end(11, 1)),
    cycle("Cycle 3", day(11, 20), end(12, 6)),
    cycle("Cycle 5", day(12, 21), end(12, 30)),
    cycle("Cycle 4", day(12, 7), end(12, 20)),
  ],
};
const milestones = {
  source: "b",
  tracker: "github",
  cycles: [
    cycle("Some day", null, null),
    cycle("2.0", null, end(12, 1)),
    cycle("1.9", null, end(9, 1)),
    cycle("2.1", null, end(12, 24)),
  ],
};

test("lists current and upcoming cycles before ended ones, each with its phase", () => {
  const choices = cycleChoices([sprints], now);
  assert.deepEqual(
    choices.map((choice) => `${choice.name}: ${cycleWords(choice)}`),
    [
      "Cycle 3: current, ends 6 Dec",
      "Cycle 4: next, ends 20 Dec",
      "Cycle 5: ends 30 Dec",
      "Cycle 2: ended 1 Nov",
      "Cycle 1: ended 14 Oct",
    ],
  );
});

test("of milestones, which have no start, the one ending first is current; those without an end come last", () => {
  assert.deepEqual(
    cycleChoices([milestones], now).map((choice) => `${choice.name}: ${cycleWords(choice)}`),
    ["2.0: current, ends 1 Dec", "2.1: next, ends 24 Dec", "Some day: ", "1.9: ended 1 Sept"],
  );
});

test("no cycle is current before the first begins; a name that two sources share is one choice", () => {
  const early = cycleChoices([{ ...sprints, cycles: sprints.cycles.slice(3) }], now);
  assert.deepEqual(
    early.map(({ name, phase }) => `${name} ${phase}`),
    ["Cycle 4 next", "Cycle 5 later"],
  );
  const shared = cycleChoices([sprints, { source: "c", tracker: "jira", cycles: [cycle("cycle 3", null, null)] }], now);
  const [first] = shared;
  assert.equal(first?.name, "Cycle 3");
  assert.deepEqual([...(first?.sources ?? [])], ["a", "c"]);
  assert.equal(shared.filter(({ name }) => name.toLowerCase() === "cycle 3").length, 1);
});
