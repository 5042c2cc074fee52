import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TrackerKeys } from "./config.ts";
import { makeHome, trackers as others } from "./fixture.ts";

/** A made-up tracker whose sources have a place: the value alone, or prefixed by its place. */
const yard: TrackerKeys = {
  id: "yard",
  label: "Yard",
  credentialFields: [
    { name: "apiKey", label: "API key", env: ["YARD_API_KEY"], secret: true, required: true, help: "Make one." },
    { name: "place", label: "Place", env: ["YARD_PLACE"], secret: false, required: false, help: "The default place." },
    { name: "shed", label: "Shed", env: ["YARD_SHED"], secret: false, required: false, help: "The default shed." },
  ],
  sourceKeys: [
    {
      key: "yard_shed",
      label: "Shed",
      plural: "Sheds",
      placeholder: "7",
      check: (value) => (/^(\d+\/)?\d+$/.test(value) ? { ok: true } : { ok: false, message: "it is a number" }),
      refPrefix: () => "",
      qualifier: {
        key: "yard_place",
        label: "Place",
        placeholder: "12",
        check: (value) => (/^\d+$/.test(value) ? { ok: true } : { ok: false, message: "it is a number" }),
      },
      defaults: { value: "shed", qualifier: "place" },
      canonical: (value, place) =>
        value === null || !/^[\d/]+$/.test(value)
          ? null
          : value.includes("/") || place === null
            ? value
            : `${place}/${value}`,
    },
  ],
};
const trackers = [...others, yard];

async function sourcesOf(projects: string | null, env: Record<string, string> = {}) {
  using home = makeHome(env);
  if (projects !== null) home.write("projects", projects);
  const config = await home.read({ trackers });
  return {
    sources: config.projects.map(({ id, sources }) => `${id}: ${sources.map((source) => source.id).join(", ")}`),
    problems: config.problems.map(({ severity, message }) => `${severity}: ${message}`),
  };
}

describe("a source key with a qualifier", () => {
  test("adds the place to every value that has none of its own", async () => {
    const { sources, problems } = await sourcesOf(
      "projects:\n  a:\n    yard_place: 12\n    yard_shed: [7, 13/8]\n  b:\n    yard_shed: 9\n",
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(sources, ["a: yard:12/7, yard:13/8", "b: yard:9"]);
  });

  test("takes what a project omits from the connection", async () => {
    const env = { YARD_PLACE: "30", YARD_SHED: "4" };
    const { sources, problems } = await sourcesOf(
      "projects:\n  a:\n    yard_shed: 7\n  b:\n    yard_place: 12\n  c:\n    yard_shed: 31/5\n  d:\n    lin_team: APP\n",
      env,
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(sources, ["a: yard:30/7", "b: yard:12/4", "c: yard:31/5", "d: lin:APP"]);
  });

  test("takes it from the named connection if a project names one", async () => {
    using home = makeHome({ YARD_PLACE: "30", WORK: "x" });
    home.write("config", "connections:\n  work: { tracker: yard, apiKey: $WORK, place: '50' }\n");
    home.write("projects", "projects:\n  a:\n    yard_shed: 7\n    connections: { yard: work }\n");
    const { projects } = await home.read({ trackers });
    assert.deepEqual(
      projects[0]?.sources.map(({ id }) => id),
      ["work/yard:50/7"],
    );
  });

  test("alone names no source, which is reported at its position", async () => {
    const { sources, problems } = await sourcesOf("projects:\n  a:\n    yard_place: 12\n");
    assert.deepEqual(sources, ["a: "]);
    assert.deepEqual(problems, ['error: "yard_place" alone does not name a shed']);
  });

  test("refuses invalid values, and the same source in two forms", async () => {
    assert.deepEqual((await sourcesOf("projects:\n  a:\n    yard_place: here\n    yard_shed: 7\n")).problems, [
      'error: "yard_place" cannot be used: it is a number',
    ]);
    const twice = await sourcesOf("projects:\n  a: { yard_place: 12, yard_shed: 7 }\n  b: { yard_shed: 12/7 }\n");
    assert.deepEqual(twice.sources, ["a: yard:12/7", "b: "]);
    assert.equal(twice.problems.length, 1);
  });
});

describe("the defaults of a connection", () => {
  const env = { YARD_PLACE: "30", YARD_SHED: "4" };

  test("create a project if none has such a source", async () => {
    for (const projects of [null, "projects: {}\n"]) {
      assert.deepEqual((await sourcesOf(projects, env)).sources, ["yard: yard:30/4"]);
    }
    assert.deepEqual((await sourcesOf("projects:\n  yard: { lin_team: APP }\n", env)).sources, [
      "yard: lin:APP",
      "yard-project: yard:30/4",
    ]);
  });

  test("create none if a project has one, if the values name no source, or if a file is broken", async () => {
    assert.deepEqual((await sourcesOf("projects:\n  a: { yard_shed: 9/9 }\n", env)).sources, ["a: yard:9/9"]);
    assert.deepEqual((await sourcesOf(null, { YARD_PLACE: "30" })).sources, []);
    assert.deepEqual((await sourcesOf(null, { ...env, YARD_SHED: "the red one" })).sources, []);
    assert.deepEqual((await sourcesOf("projects: {\n", env)).sources, []);
  });
});
