import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { after, before } from "../../test/support/hooks.ts";
import type { EmulatorOptions } from "../emulator.ts";
import { startEmulator } from "../start.ts";

type Answer = {
  readonly status: number;
  readonly Errors: readonly string[];
  readonly Warnings: readonly string[];
  readonly Object: Record<string, unknown>;
  readonly Results: readonly Record<string, unknown>[];
};

async function open(options: Partial<EmulatorOptions> = {}) {
  const emulator = await startEmulator("rally", { issues: 120, seed: 4, sources: 2, ...options });
  const [workspace = "", project = ""] = emulator.sources[0]?.key.split("/") ?? [];
  const key = emulator.credentials["RALLY_API_KEY"] ?? "";
  async function send(method: string, path: string, body?: unknown, as = key): Promise<Answer> {
    const response = await fetch(`${emulator.url}/slm/webservice/v2.0/${path}`, {
      method,
      headers: { zsessionid: as },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json = (await response.json()) as Record<string, object>;
    const result = Object.values(json)[0] ?? {};
    return { Errors: [], Warnings: [], Object: {}, Results: [], ...result, status: response.status };
  }
  const post = (path: string, body: unknown, as?: string) => send("POST", path, body, as);
  const story = async (fields: Record<string, unknown> = {}, fetch = "true") =>
    post(`hierarchicalrequirement/create?fetch=${fetch}`, {
      HierarchicalRequirement: { Name: "A story", Project: { _ref: `/project/${project}` }, ...fields },
    });
  const issue = (type: RegExp) => {
    const found = emulator.world.issues(emulator.sources[0]?.key).find(({ key: own }) => type.test(own));
    assert.ok(found);
    return found;
  };
  return { emulator, workspace, project, send, post, story, issue };
}

describe("the Rally emulator, written to", () => {
  let opened: Awaited<ReturnType<typeof open>>;
  before(async () => {
    opened = await open();
  });
  after(() => opened.emulator.close());

  test("creates an item as the key's user, and returns the fetched attributes", async () => {
    const { story, emulator } = opened;
    const {
      Errors,
      Warnings,
      Object: made,
    } = await story({ PlanEstimate: 3 }, "Name,FormattedID,CreatedBy,UserName,FlowState,ScheduleState,VersionId");
    assert.deepEqual([Errors, Warnings], [[], []]);
    assert.match(String(made["FormattedID"]), /^US\d+$/);
    assert.equal((made["CreatedBy"] as { UserName: string }).UserName, "maren.aldous@harborline.example");
    assert.equal(made["ScheduleState"], "Defined");
    assert.ok(!("PlanEstimate" in made));
    assert.ok(emulator.world.issues().some(({ key }) => key === made["FormattedID"]));
  });

  test("reports all errors at once, with status 200, and then changes nothing", async () => {
    const { post, project, emulator } = opened;
    const before = emulator.world.issues().length;
    const rows: [path: string, body: unknown, words: readonly RegExp[]][] = [
      [
        "hierarchicalrequirement/create",
        { HierarchicalRequirement: { Name: " " } },
        [/Name should not be null/, /Project should not be null/],
      ],
      [
        "defect/create",
        { Defect: { Name: "x", Project: `/project/${project}` } },
        [/Defect\.Found By should not be null/],
      ],
      [
        "defect/create",
        { Defect: { Name: "x", Project: `/project/${project}`, c_FoundBy: "Nobody" } },
        [/"Nobody" is not a valid value.*one of Customer/],
      ],
      ["task/create", { Task: { Name: "x" } }, [/Task\.Work Product should not be null/]],
      ["hierarchicalrequirement/create", { Story: { Name: "x" } }, [/Could not parse: Expected an object named/]],
      [
        "hierarchicalrequirement/create",
        { HierarchicalRequirement: { Name: "x".repeat(257), Project: `/project/${project}` } },
        [/Name length is greater than the maximum length of 256/],
      ],
      [
        "hierarchicalrequirement/create",
        { HierarchicalRequirement: { Name: "x", Description: "x".repeat(32_769), Project: `/project/${project}` } },
        [/Description length is greater than the maximum length of 32768/],
      ],
      [
        "hierarchicalrequirement/create",
        { HierarchicalRequirement: { Name: "<script>x</script>", Project: `/project/${project}` } },
        [/Name contained invalid input\. Search 'HTML Whitelist'/],
      ],
      [
        "hierarchicalrequirement/create",
        { HierarchicalRequirement: { Name: "x", Owner: "/user/1", PlanEstimate: "3", Project: `/project/${project}` } },
        [/Could not read user 1/, /Cannot convert "\\?"3\\?"" into a number/],
      ],
      [
        "hierarchicalrequirement/create",
        { HierarchicalRequirement: { Name: "x", Project: "/project/1" } },
        [/Could not read project 1/],
      ],
    ];
    for (const [path, body, words] of rows) {
      const answer = await post(path, body);
      assert.equal(answer.status, 200);
      assert.equal(answer.Errors.length, words.length, JSON.stringify(answer.Errors));
      for (const word of words)
        assert.ok(
          answer.Errors.some((error) => word.test(error)),
          `${word} in ${answer.Errors.join("\n")}`,
        );
      assert.deepEqual(answer.Object, {});
    }
    assert.equal(emulator.world.issues().length, before);
  });

  test("skips unknown and read-only attributes with a warning", async () => {
    const { story, issue, post } = opened;
    const {
      Errors,
      Warnings,
      Object: made,
    } = await story({ Priority: "Low", c_Nothing: 1, AcceptedDate: "2026-01-01T00:00:00Z" }, "Name");
    assert.deepEqual(Errors, []);
    assert.deepEqual([...Warnings].sort(), [
      "Ignored JSON element HierarchicalRequirement.AcceptedDate during processing of this request.",
      "Ignored JSON element HierarchicalRequirement.Priority during processing of this request.",
      "Ignored JSON element HierarchicalRequirement.c_Nothing during processing of this request.",
    ]);
    assert.equal(made["Name"], "A story");
    const task = issue(/^TA/);
    const inherited = await post(`task/${task.nativeId}`, { Task: { Iteration: null } });
    assert.match(inherited.Warnings[0] ?? "", /Task\.Iteration/);
  });

  test("rejects a stale version; a change without effect creates no version", async () => {
    const { post, issue } = opened;
    const { nativeId } = issue(/^US/);
    const update = (fields: object) =>
      post(`hierarchicalrequirement/${nativeId}?fetch=VersionId,LastUpdateDate`, { HierarchicalRequirement: fields });
    const first = await update({ Name: "Once" });
    const VersionId = first.Object["VersionId"];
    assert.deepEqual((await update({ Name: "Once", VersionId })).Object, first.Object);
    const second = await update({ Name: "Twice", VersionId });
    assert.equal(Number(second.Object["VersionId"]), Number(VersionId) + 1);
    const stale = await update({ Name: "Thrice", VersionId });
    assert.match(
      stale.Errors[0] ?? "",
      /^Concurrency conflict: \[Object has been modified.*domain\.UserStory : ObjectID : \d+$/,
    );
    assert.equal(issue(/^US/).title, "Twice");
  });

  test("moves by column and by schedule state, within the project, and dates acceptance", async () => {
    const { story, post, emulator, project } = opened;
    const { Object: made } = await story();
    const path = `hierarchicalrequirement/${String(made["ObjectID"])}?fetch=FlowState,ScheduleState,AcceptedDate,Name`;
    const states = (await (
      await fetch(
        `${emulator.url}/slm/webservice/v2.0/flowstate?workspace=/workspace/${opened.workspace}&pagesize=200&fetch=Name,Project,ObjectID`,
        { headers: { zsessionid: emulator.credentials["RALLY_API_KEY"] ?? "" } },
      )
    ).json()) as { QueryResult: { Results: { Name: string; ObjectID: number; Project: { _ref: string } }[] } };
    const column = (name: string, own: boolean) =>
      states.QueryResult.Results.find((one) => one.Name === name && one.Project._ref.endsWith(`/${project}`) === own)
        ?.ObjectID ?? 0;
    const reviewed = await post(path, {
      HierarchicalRequirement: { FlowState: { _ref: `/flowstate/${column("Code Review", true)}` } },
    });
    assert.equal(reviewed.Object["ScheduleState"], "Completed");
    const accepted = await post(path, { HierarchicalRequirement: { ScheduleState: "Accepted" } });
    assert.equal((accepted.Object["FlowState"] as { Name: string }).Name, "Accepted");
    assert.match(String(accepted.Object["AcceptedDate"]), /^20/);
    const back = await post(path, { HierarchicalRequirement: { ScheduleState: "In-Progress" } });
    assert.equal(back.Object["AcceptedDate"], null);
    const foreign = await post(path, {
      HierarchicalRequirement: { FlowState: { _ref: `/flowstate/${column("Defined", false)}` } },
    });
    assert.match(foreign.Errors[0] ?? "", /Flow State is not one of project/);
  });

  test("a story has a story or a feature as its parent, never both", async () => {
    const { story, post, issue } = opened;
    const { Object: made } = await story();
    const path = `hierarchicalrequirement/${String(made["ObjectID"])}?fetch=Parent,PortfolioItem`;
    const feature = { _ref: `/portfolioitem/feature/${issue(/^F/).nativeId}` };
    const parent = { _ref: `/hierarchicalrequirement/${issue(/^US/).nativeId}` };
    assert.ok((await post(path, { HierarchicalRequirement: { PortfolioItem: feature } })).Object["PortfolioItem"]);
    const both = await post(path, { HierarchicalRequirement: { Parent: parent } });
    assert.match(both.Errors[0] ?? "", /parentArtifact should not be set if .*Parent is set and vice versa/);
    const changed = await post(path, { HierarchicalRequirement: { Parent: parent, PortfolioItem: null } });
    assert.ok(changed.Object["Parent"] !== null && changed.Object["PortfolioItem"] === null);
    const circle = await post(`hierarchicalrequirement/${issue(/^US/).nativeId}`, {
      HierarchicalRequirement: { Parent: { _ref: `/hierarchicalrequirement/${String(made["ObjectID"])}` } },
    });
    assert.match(circle.Errors[0] ?? "", /circle|vice versa/);
  });

  test("adds to collections and removes from them, idempotently", async () => {
    const { post, issue, emulator, workspace } = opened;
    const { nativeId } = issue(/^US/);
    const { Object: tag, Errors } = await post("tag/create?fetch=Name", {
      Tag: { Name: "Überfällig 🎉", Workspace: `/workspace/${workspace}` },
    });
    assert.deepEqual(Errors, []);
    const tags = { CollectionItems: [{ _ref: tag["_ref"] }] };
    const added = await post(`hierarchicalrequirement/${nativeId}/Tags/add?fetch=Name`, tags);
    assert.deepEqual(
      added.Results.map((one) => one["Name"]),
      ["Überfällig 🎉"],
    );
    const { updatedAt } = issue(/^US/);
    await post(`hierarchicalrequirement/${nativeId}/Tags/add`, tags);
    assert.equal(issue(/^US/).updatedAt, updatedAt);
    assert.ok(issue(/^US/).labels.includes("Überfällig 🎉"));
    await post(`hierarchicalrequirement/${nativeId}/Tags/remove`, tags);
    assert.ok(!issue(/^US/).labels.includes("Überfällig 🎉"));
    const [, other] = emulator.world.issues(emulator.sources[0]?.key).filter(({ key }) => key.startsWith("US"));
    const blocked = await post(`hierarchicalrequirement/${nativeId}/Predecessors/add?fetch=FormattedID`, {
      CollectionItems: [{ _ref: `/hierarchicalrequirement/${other?.nativeId ?? ""}` }],
    });
    assert.deepEqual(
      blocked.Results.map((one) => one["FormattedID"]),
      [other?.key],
    );
    for (const [path, words] of [
      [`hierarchicalrequirement/${nativeId}/Predecessors/add`, /Could not read defect/],
      [`hierarchicalrequirement/${nativeId}/Discussion/add`, /no collection Discussion/],
      [`defect/${nativeId}/Tags/add`, /Could not read Defect \d+ to update/],
    ] as const) {
      const refused = await post(path, { CollectionItems: [{ _ref: `/defect/${issue(/^DE/).nativeId}` }] });
      assert.match(refused.Errors[0] ?? "", words);
    }
  });

  test("a tag's name is unique, with up to 32 escaped characters", async () => {
    const { post, workspace } = opened;
    const make = (Name: string) => post("tag/create", { Tag: { Name, Workspace: `/workspace/${workspace}` } });
    assert.deepEqual((await make("Responsibility / Accountability")).Errors, []);
    assert.match((await make("Responsibility & Accountability")).Errors[0] ?? "", /maximum length of 32/);
    assert.match((await make("responsibility / accountability")).Errors[0] ?? "", /already exists/);
  });

  test("discussions keep posts, each editable by its author", async () => {
    const { post, send, issue, emulator } = opened;
    const { nativeId } = issue(/^DE/);
    const { Object: made } = await post("conversationpost/create?fetch=Text,User,ObjectID", {
      ConversationPost: { Artifact: { _ref: `/defect/${nativeId}` }, Text: "<p>Hi</p><!-- x -->" },
    });
    const oid = String(made["ObjectID"]);
    assert.equal(made["Text"], "<p>Hi</p>");
    const theirs = emulator.otherCredentials["RALLY_API_KEY"] ?? "";
    const edit = { ConversationPost: { Text: "Ho" } };
    assert.match((await post(`conversationpost/${oid}`, edit, theirs)).Errors[0] ?? "", /Not authorized to update/);
    assert.match(
      (await send("DELETE", `conversationpost/${oid}`, undefined, theirs)).Errors[0] ?? "",
      /Not authorized to delete/,
    );
    assert.deepEqual((await post(`conversationpost/${oid}`, edit)).Errors, []);
    assert.deepEqual(emulator.world.comments?.(nativeId).at(-1), {
      id: oid,
      body: "Ho",
      login: "maren.aldous@harborline.example",
    });
    assert.deepEqual((await send("DELETE", `conversationpost/${oid}`)).Errors, []);
    assert.match((await send("DELETE", `conversationpost/${oid}`)).Errors[0] ?? "", /Could not read ConversationPost/);
    const empty = await post("conversationpost/create", {
      ConversationPost: { Artifact: `/defect/${nativeId}`, Text: "" },
    });
    assert.match(empty.Errors[0] ?? "", /Text should not be null/);
  });

  test("viewers may read, and a read-only key writes nothing", async () => {
    const { story, issue, post } = opened;
    const { nativeId } = issue(/^US/);
    const edit = { HierarchicalRequirement: { Name: "Mine" } };
    const viewer = await post(`hierarchicalrequirement/${nativeId}`, edit, "_rally_emulator_viewer");
    assert.match(viewer.Errors[0] ?? "", /Not authorized to update: HierarchicalRequirement/);
    assert.equal((await post(`hierarchicalrequirement/${nativeId}`, edit, "_rally_emulator_reader")).status, 401);
    assert.notEqual((await story()).Object["Name"], "Mine");
  });
});

test("rich text keeps what the editor writes; the thorough variant drops invisible content", async () => {
  const sent = '<p data-x="x" title="t">a\u200Bb</p><blink>c</blink><!-- d --><ul><li>&lt;e&gt;</li></ul><br>';
  for (const [variant, expected] of [
    [undefined, '<p title="t">a\u200Bb</p>c<ul><li>&lt;e&gt;</li></ul><br />'],
    ["thorough", '<p title="t">ab</p>c<ul><li>&lt;e&gt;</li></ul><br />'],
  ] as const) {
    const { story, emulator } = await open({ issues: 4, ...(variant === undefined ? {} : { variant }) });
    try {
      assert.equal((await story({ Description: sent }, "Description")).Object["Description"], expected);
    } finally {
      await emulator.close();
    }
  }
});
