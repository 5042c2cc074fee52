import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { after, before } from "../../../test/support/hooks.ts";
import { isPanopticonError } from "../../domain/error.ts";
import type { IssueDraft } from "../changes.ts";
import { type ChangesStage, openChangesStage, you } from "../../../test/support/changes-stage.ts";

describe("a new issue", () => {
  let stage: ChangesStage;
  before(async () => {
    stage = await openChangesStage();
  });
  after(() => stage.close());

  it("is on the board at once, and is sent in native values", async () => {
    const { ref } = await stage.changes.create(
      {
        source: "acme/APP",
        title: " New ",
        body: "Text",
        status: "in review",
        priority: "urgent",
        labels: ["bug", "brand new"],
        assignees: ["me", "ann"],
        parent: "app#1",
        cycle: "sprint 1",
        dueDate: "2026-11-22",
        estimate: 2,
      },
      you,
    );
    assert.match(ref, /^new-\d+$/);
    const { payload, kind } = await stage.operation(ref);
    assert.equal(kind, "create");
    assert.deepEqual(payload.draft, {
      title: "New",
      body: "Text",
      type: "issue",
      stateId: "open",
      nativePriority: null,
      labels: [
        { id: "l-bug", name: "Bug" },
        { id: "name:brand new", name: "brand new" },
        { id: "l-review", name: "in review" },
        { id: "l-urgent", name: "P0" },
      ],
      assigneeIds: ["p-ben", "p-ann"],
      cycleId: "c-1",
      dueDate: "2026-11-22",
      estimate: 2,
      parent: { nativeId: "n1", key: "#1", sourceKey: "acme/app" },
      fields: {},
    });
    const card = await stage.store.board.detail(await stage.id("app#1"));
    assert.equal(card.children.total, 1);
  });

  it("leaves unspecified values to the tracker", async () => {
    const { ref } = await stage.changes.create({ source: "alpha:acme/app", title: "Plain" }, you);
    const { draft } = (await stage.operation(ref)).payload;
    assert.deepEqual([draft?.stateId, draft?.type, draft?.labels], [null, "issue", []]);
  });

  it("is linked to a parent of another tracker", async () => {
    const { issueId } = await stage.changes.create({ source: "acme/app", title: "Below", parent: "MIN-1" }, you);
    const { relations } = await stage.store.board.detail(issueId);
    assert.deepEqual(
      relations.map(({ type, ref, origin }) => [type, ref, origin]),
      [["parent", "MIN-1", "made"]],
    );
  });

  it("goes to the source with that name in its tracker", async () => {
    const { issueId } = await stage.changes.create({ source: "minutes", title: "By name" }, you);
    assert.equal((await stage.store.board.detail(issueId)).tracker, "beta");
  });

  const refused: readonly (readonly [string, IssueDraft, string, RegExp, string | undefined])[] = [
    ["no source", { title: "x" }, "invalid_input", /2 sources.*alpha:acme\/app.*, beta:MIN \(Minutes\)/, "project"],
    ["an unknown source", { title: "x", source: "acme/ap" }, "not_found", /Did you mean “acme\/app”/, "source"],
    ["an unknown project", { title: "x", project: "ap" }, "not_found", /Did you mean “app”/, "project"],
    [
      "an unknown project of a known source",
      { title: "x", project: "ap", source: "acme/app" },
      "not_found",
      /no project .*Did you mean “app”/,
      "project",
    ],
    ["no title", { title: "", source: "MIN" }, "invalid_input", /title is empty/, "title"],
    ["an unknown type", { title: "x", source: "MIN", type: "Stroy" }, "invalid_input", /“Story”/, "type"],
    [
      "a type made elsewhere",
      { title: "x", source: "MIN", type: "Epic" },
      "unsupported",
      /Available: Story, Bug, Task/,
      "type",
    ],
    ["a missing field", { title: "x", source: "MIN", type: "Bug" }, "invalid_input", /needs Severity/, "severity"],
    [
      "a missing parent",
      { title: "x", source: "MIN", type: "Task" },
      "invalid_input",
      /must have a parent issue/,
      "parent",
    ],
    [
      "another tracker's parent",
      { title: "x", source: "MIN", type: "Task", parent: "app#1" },
      "invalid_input",
      /must have a parent issue/,
      "parent",
    ],
    [
      "what a type has not",
      { title: "x", source: "MIN", dueDate: "2026-11-22" },
      "unsupported",
      /has no due date/,
      "dueDate",
    ],
    ["an unknown status", { title: "x", source: "MIN", status: "Dong" }, "invalid_input", /Did you mean/, "status"],
    [
      "two assignees",
      { title: "x", source: "MIN", assignees: ["ann", "ben"] },
      "unsupported",
      /one assignee/,
      "assignees",
    ],
    ["an unknown part", { title: "x", lables: [] } as unknown as IssueDraft, "invalid_input", /“labels”/, undefined],
  ];
  for (const [what, draft, code, message, field] of refused) {
    it(`is refused with ${what}`, async () => {
      await assert.rejects(stage.changes.create(draft, you), (error) => {
        assert.ok(isPanopticonError(error), String(error));
        assert.deepEqual([error.code, error.field], [code, field]);
        assert.match(`${error.message} ${error.hint ?? ""}`, message);
        return true;
      });
    });
  }

  it("has a form", async () => {
    const form = await stage.changes.form("MIN");
    assert.deepEqual(
      form.types.map(({ name, creatable, has }) => [name, creatable, has.includes("estimate")]),
      [
        ["Story", true, false],
        ["Bug", true, false],
        ["Task", true, false],
        ["Epic", false, false],
      ],
    );
    assert.deepEqual(
      form.statuses.map(({ state }) => state),
      ["Open", null, "Doing", null, "Closed", "Not planned"],
    );
    assert.deepEqual(form.priorities, [
      { priority: 0, native: "None" },
      { priority: 2, native: "High" },
      { priority: 4, native: "Low" },
    ]);
    assert.deepEqual([form.newLabels, form.members.length, form.cycles.length], [false, 2, 1]);
    await assert.rejects(stage.changes.form("nothing"), { code: "not_found" });
  });
});
