import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { after, before } from "../../test/support/hooks.ts";
import type { Emulator } from "../emulator.ts";
import { startEmulator } from "../start.ts";
import { createBusyness } from "./busy.ts";

type Result = {
  readonly Errors: string[];
  readonly TotalResultCount: number;
  readonly StartIndex: number;
  readonly PageSize: number;
  readonly Results: readonly Record<string, unknown>[];
};

describe("the Rally emulator", () => {
  let emulator: Emulator;
  let workspace = "";
  let project = "";

  before(async () => {
    emulator = await startEmulator("rally", { issues: 300, seed: 4, sources: 2 });
    [workspace = "", project = ""] = emulator.sources[0]?.key.split("/") ?? [];
  });
  after(() => emulator.close());

  function get(path: string, query: Record<string, string> = {}, key = emulator.credentials["RALLY_API_KEY"] ?? "") {
    const search = new URLSearchParams(query).toString();
    return fetch(`${emulator.url}/slm/webservice/v2.0/${path}?${search}`, { headers: { zsessionid: key } });
  }

  async function list(path: string, query: Record<string, string> = {}, key?: string): Promise<Result> {
    const response = await get(path, { workspace: `/workspace/${workspace}`, ...query }, key);
    assert.equal(response.status, 200);
    return ((await response.json()) as { QueryResult: Result }).QueryResult;
  }

  test("rejects an unknown key with 401, and identifies the user", async () => {
    const refused = await get("user", {}, "_nobody");
    assert.equal(refused.status, 401);
    assert.match(await refused.text(), /Not authorized to perform action: Invalid key/);
    const user = (await (await get("user", { fetch: "UserName" })).json()) as { User: Record<string, unknown> };
    assert.equal(user.User["UserName"], "maren.aldous@harborline.example");
  });

  test("errors have status 200: parse errors, unknown attributes, states of the common type, missing places", async () => {
    for (const [path, query, words] of [
      [
        "artifact",
        { query: "((A = 1) AND (B = 2) AND (C = 3))" },
        /^Could not parse: Error parsing expression -- expected/,
      ],
      ["defect", { query: "(Nothing = 1)" }, /Could not find the attribute "Nothing" on type Defect/],
      [
        "artifact",
        { query: "(State = Open)" },
        /could not read all instances of class com\.f4tech\.slm\.domain\.Artifact/,
      ],
      ["artifact", { query: "(ScheduleState = Defined)" }, /could not read all instances/],
      ["defect", { query: "(State = Broken)" }, /"Broken" is not a valid value/],
      ["defect", { workspace: "/workspace/1" }, /Could not read.*\/workspace\/1/],
      ["defect", { project: "/project/1" }, /Could not read.*\/project\/1/],
      ["defect", { order: "Nothing" }, /Cannot sort/],
      ["defect", { start: "0" }, /no number from 1 on/],
      ["artifact", { types: "defect,nothing" }, /Unknown type "nothing"/],
    ] as const) {
      const { Errors, Results } = await list(path, query);
      assert.equal(Errors.length, 1, path);
      assert.match(Errors[0] ?? "", words);
      assert.deepEqual(Results, []);
    }
    const gone = (await (await get("defect/1")).json()) as { OperationResult: { Errors: string[] } };
    assert.deepEqual(gone.OperationResult.Errors, ["Cannot find object to read"]);
    assert.equal((await get("nothing")).status, 404);
  });

  test("pages count from 1, have 20 items by default, and are capped", async () => {
    const first = await list("artifact");
    assert.deepEqual(
      [first.StartIndex, first.PageSize, first.Results.length, first.TotalResultCount],
      [1, 20, 20, 300],
    );
    const last = await list("artifact", { start: "281", pagesize: "200" });
    assert.equal(last.Results.length, 20);
    const small = await startEmulator("rally", { issues: 250, seed: 4, sources: 1, largestPage: 200 });
    try {
      const response = await fetch(
        `${small.url}/slm/webservice/v2.0/artifact?workspace=/workspace/${workspace}&pagesize=2000`,
        {
          headers: { zsessionid: small.credentials["RALLY_API_KEY"] ?? "" },
        },
      );
      const { QueryResult } = (await response.json()) as { QueryResult: Result };
      assert.deepEqual(
        [QueryResult.PageSize, QueryResult.Results.length, QueryResult.TotalResultCount],
        [200, 200, 250],
      );
    } finally {
      await small.close();
    }
  });

  test("a list without a workspace silently uses the user's default workspace", async () => {
    const response = await get("artifact");
    assert.equal(((await response.json()) as { QueryResult: Result }).QueryResult.TotalResultCount, 0);
  });

  test("scope extends down and up unless switched off", async () => {
    const child = emulator.world.addSource?.(emulator.sources[0]?.key ?? "", "Below")?.split("/")[1] ?? "";
    emulator.world.create(child, { title: "down there" });
    const count = async (scope: Record<string, string>) => (await list("artifact", scope)).TotalResultCount;
    assert.equal(await count({ project: `/project/${project}` }), 151);
    assert.equal(await count({ project: `/project/${project}`, projectScopeDown: "false" }), 150);
    assert.equal(await count({ project: `/project/${child}`, projectScopeUp: "false" }), 1);
    assert.equal(await count({ project: `/project/${child}` }), 151);
  });

  test("objects contain fetched attributes, also inside references, and otherwise only their identity", async () => {
    const [bare] = (await list("defect", { pagesize: "1" })).Results;
    assert.deepEqual(Object.keys(bare ?? {}).sort(), [
      "_objectVersion",
      "_rallyAPIMajor",
      "_rallyAPIMinor",
      "_ref",
      "_refObjectName",
      "_refObjectUUID",
      "_type",
    ]);
    const [story] = (
      await list("hierarchicalrequirement", {
        pagesize: "1",
        fetch: "FormattedID,Tags,Project,Name,PortfolioItem,Nothing",
        query: "(PortfolioItem != null)",
      })
    ).Results;
    assert.ok(story);
    assert.match(
      String(story["_ref"]),
      new RegExp(`^${emulator.url}/slm/webservice/v2.0/hierarchicalrequirement/\\d+$`),
    );
    const parent = story["PortfolioItem"] as Record<string, unknown>;
    assert.equal(parent["_type"], "PortfolioItem/Feature");
    assert.match(String(parent["FormattedID"]), /^F\d+$/);
    const tags = story["Tags"] as { Count: number; _tagsNameArray: { Name: string; _ref: string }[] };
    assert.equal(tags._tagsNameArray.length, tags.Count);
    assert.ok(!("Nothing" in story));
  });

  test("attributes list their allowed values in the workspace's order", async () => {
    const [type] = (
      await list("typedefinition", { query: '(ElementName = "HierarchicalRequirement")', fetch: "ObjectID" })
    ).Results;
    const attributes = await list(`typedefinition/${String(type?.["ObjectID"])}/Attributes`, {
      fetch: "ElementName,ObjectID",
      pagesize: "200",
    });
    const state = attributes.Results.find((one) => one["ElementName"] === "ScheduleState");
    const values = await list(`attributedefinition/${String(state?.["ObjectID"])}/AllowedValues`, {
      fetch: "StringValue",
    });
    assert.deepEqual(
      values.Results.map((one) => one["StringValue"]),
      ["Idea", "Defined", "In-Progress", "Completed", "Accepted", "Released"],
    );
    const later = await list("hierarchicalrequirement", {
      query: "(ScheduleState >= Accepted)",
      fetch: "AcceptedDate",
    });
    assert.ok(later.Results.length > 0 && later.Results.every((one) => one["AcceptedDate"] !== null));
  });

  test("deleted items are in the recycle bin and nowhere else", async () => {
    const [issue] = emulator.world.issues(emulator.sources[1]?.key);
    assert.ok(issue);
    emulator.world.delete(issue.nativeId);
    const bin = await list("recyclebinentry", { fetch: "ID,Name" });
    assert.deepEqual(
      bin.Results.map((one) => [one["ID"], one["Name"]]),
      [[issue.key, issue.title]],
    );
    assert.equal((await list("artifact", { query: `(ObjectID = ${issue.nativeId})` })).TotalResultCount, 0);
  });

  test("the weak key reads only the first project and its descendants, and writes nothing", async () => {
    const weak = emulator.weakCredentials.values["RALLY_API_KEY"] ?? "";
    const [, second = ""] = emulator.sources[1]?.key.split("/") ?? [];
    const hidden = await list("artifact", { project: `/project/${second}` }, weak);
    assert.match(hidden.Errors[0] ?? "", /Could not read.*\/project\//);
    const seen = await list("project", { fetch: "Name" }, weak);
    assert.ok(seen.Results.every((one) => one["Name"] !== emulator.sources[1]?.name));
    const roles = await list(
      "projectpermission",
      { fetch: "Role,User", query: `(Project.ObjectID = ${project})` },
      weak,
    );
    assert.deepEqual([...new Set(roles.Results.map((one) => String(one["Role"])))].toSorted(), [
      "Admin",
      "Editor",
      "Viewer",
    ]);
    const refused = await fetch(`${emulator.url}/slm/webservice/v2.0/tag/create`, {
      method: "POST",
      headers: { zsessionid: weak },
      body: JSON.stringify({ Tag: { Name: "New" } }),
    });
    assert.equal(refused.status, 401);
  });

  test("serves twelve requests of a user concurrently, the others wait", () => {
    const busyMs = createBusyness();
    const delays = Array.from({ length: 40 }, () => busyMs("somebody"));
    assert.ok(delays.slice(0, 12).every((delay) => delay === 0));
    assert.ok((delays.at(-1) ?? 0) > 0);
    assert.equal(busyMs("somebody else"), 0);
  });
});
