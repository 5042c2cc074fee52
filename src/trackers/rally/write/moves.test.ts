import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Emulator } from "../../../../emulators/emulator.ts";
import { startEmulator } from "../../../../emulators/start.ts";
import { after, before } from "../../../../test/support/hooks.ts";
import { systemClock } from "../../../domain/clock.ts";
import { movesTo, priorityMoveTo } from "../../../domain/outward.ts";
import type { Status } from "../../../domain/status.ts";
import { toValues } from "../../conformance/stage.ts";
import { createHttpClient } from "../../http/create-http-client.ts";
import type { SourceSchema } from "../../tracker.ts";
import { rally } from "../index.ts";

/** Uses the mapping that `describe` detects for the emulator's data. */
describe("writing a status to Rally", () => {
  let emulator: Emulator;
  let schema: SourceSchema;
  let below: SourceSchema;
  let names: ReadonlyMap<string, string>;

  before(async () => {
    emulator = await startEmulator("rally", { issues: 20, seed: 5, sources: 1 });
    const { client } = createHttpClient({
      policy: rally.http,
      values: toValues(rally, emulator.credentials),
      clock: systemClock,
      userAgent: "Panopticon/test",
    });
    const connection = rally.connect(client);
    const key = emulator.sources[0]?.key ?? "";
    schema = await connection.describe({ key, historyMs: null, nativeId: null }, {});
    emulator.world.addSource?.(key, "Docks");
    below = await connection.describe({ key, historyMs: null, nativeId: null }, {});
    names = new Map(below.vocabulary.states.map(({ id, name }) => [id, name]));
  });
  after(() => emulator.close());

  /** `In-Progress`, or `In-Progress + In Review - Planning` with added and removed tags. */
  function wayOf(type: string, from: string, tags: readonly string[], to: Status, own = schema): string {
    const state = own.vocabulary.states.find(({ name, types }) => name === from && types?.includes(type) === true);
    assert.ok(state, `${type} ${from}`);
    const [way] = movesTo(own.mapping, own.vocabulary.states, { type, stateId: state.id, labels: tags }, to);
    assert.ok(way, `no way from ${from} to ${to}`);
    return [
      names.get(way.stateId) ?? way.stateId,
      ...way.addLabels.map((label) => `+ ${label}`),
      ...way.removeLabels.map((label) => `- ${label}`),
    ].join(" ");
  }

  const rows: [type: string, from: string, tags: string[], to: Status, way: string][] = [
    ["User Story", "In-Progress", [], "backlog", "Idea"],
    ["User Story", "Defined", [], "planning", "Planning"],
    ["User Story", "Idea", [], "in_progress", "In-Progress"],
    ["User Story", "In-Progress", [], "in_review", "Code Review"],
    ["User Story", "Code Review", [], "done", "Accepted"],
    ["User Story", "Released", [], "in_progress", "In-Progress"],
    // Nothing in Rally is canceled: a tag expresses it, and is removed when the item moves on.
    ["User Story", "In-Progress", ["Customer"], "canceled", "In-Progress + Canceled"],
    ["User Story", "In-Progress", ["Canceled"], "done", "Accepted - Canceled"],
    // A defect's move changes as little of its two states as possible.
    ["Defect", "Open (In-Progress)", [], "backlog", "Open (Idea)"],
    ["Defect", "Submitted (Idea)", [], "planning", "Submitted (Planning)"],
    ["Defect", "Open (Defined)", [], "in_progress", "Open (In-Progress)"],
    ["Defect", "Open (In-Progress)", [], "in_review", "Open (Code Review)"],
    ["Defect", "Fixed (In-Progress)", [], "done", "Closed (In-Progress)"],
    ["Defect", "Closed (Accepted)", [], "in_review", "Fixed (Accepted)"],
    ["Defect", "Closed (In-Progress)", [], "in_progress", "Open (In-Progress)"],
    ["Defect", "Closed (Accepted)", [], "in_progress", "Open (In-Progress)"],
    ["Defect", "Fixed (Code Review)", [], "canceled", "Fixed (Code Review) + Canceled"],
    ["Task", "Completed", [], "backlog", "Defined"],
    ["Task", "In-Progress", [], "planning", "Defined + Planning"],
    ["Task", "Defined", ["Planning"], "in_progress", "In-Progress - Planning"],
    ["Task", "In-Progress", [], "in_review", "In-Progress + In Review"],
    ["Task", "In-Progress", ["In Review"], "done", "Completed - In Review"],
    ["Task", "Defined", [], "canceled", "Defined + Canceled"],
    ["Feature", "Developing", [], "backlog", "Discovering"],
    ["Feature", "No state (Feature)", [], "planning", "No state (Feature) + Planning"],
    ["Feature", "Developing", [], "planning", "Discovering + Planning"],
    ["Feature", "Discovering", ["Planning"], "in_progress", "Developing - Planning"],
    ["Feature", "Developing", [], "in_review", "Developing + In Review"],
    ["Feature", "Developing", ["In Review"], "done", "Done - In Review"],
    ["Feature", "Done", [], "canceled", "Done + Canceled"],
  ];
  for (const [type, from, tags, to, way] of rows) {
    it(`moves ${type} ${[from, ...tags].join(" + ")} to ${to}: ${way}`, () => {
      assert.equal(wayOf(type, from, tags, to), way);
    });
  }

  it("keeps an item in the columns of its own project", () => {
    const { states } = below.vocabulary;
    const places = new Set(states.flatMap(({ place }) => (place === undefined ? [] : [place])));
    assert.equal(places.size, 2);
    for (const place of places) {
      const own = states.find((state) => state.place === place && state.types?.includes("User Story") === true);
      assert.ok(own);
      for (const status of ["backlog", "planning", "in_progress", "in_review", "done", "canceled"] as const) {
        const ways = movesTo(below.mapping, states, { type: "User Story", stateId: own.id, labels: [] }, status);
        assert.ok(ways.length > 0);
        for (const { stateId } of ways) assert.equal(states.find(({ id }) => id === stateId)?.place, place);
      }
    }
    const [fresh] = movesTo(below.mapping, states, { type: "User Story", stateId: "", labels: [] }, "in_progress");
    assert.equal(states.find(({ id }) => id === fresh?.stateId)?.place, emulator.sources[0]?.key.split("/")[1]);
  });

  it("maps the priorities of defects to the workspace's own names", () => {
    for (const [priority, word] of [
      [0, "None"],
      [1, "Resolve Immediately"],
      [2, "High Attention"],
      [3, "Normal"],
      [4, "Low"],
    ] as const) {
      const move = priorityMoveTo(schema.mapping, { nativePriority: "None", labels: [] }, priority);
      assert.deepEqual(move, { kind: "native", nativePriority: word });
    }
  });

  it("lists the types of items, the fields of each, and those that new ones require", () => {
    const types = schema.types.map(({ name, creatable, needsParent, has, fields }) => ({
      name,
      creatable,
      needsParent,
      has: has?.slice(5),
      fields: fields.map(({ id, name: label, kind, required, options }) => [id, label, kind, required, options.length]),
    }));
    const people = schema.vocabulary.people.length;
    assert.deepEqual(types, [
      { name: "User Story", creatable: true, needsParent: false, has: ["cycle", "estimate", "parent"], fields: [] },
      {
        name: "Defect",
        creatable: true,
        needsParent: false,
        has: ["priority", "cycle", "estimate", "parent"],
        fields: [["c_FoundBy", "Found By", "choice", true, 4]],
      },
      { name: "Task", creatable: true, needsParent: true, has: ["estimate", "parent"], fields: [] },
      {
        name: "Feature",
        creatable: true,
        needsParent: false,
        has: ["cycle"],
        fields: [["c_Sponsor", "Sponsor", "person", true, people]],
      },
    ]);
  });
});
