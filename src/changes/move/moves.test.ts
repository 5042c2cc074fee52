import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { after, before } from "../../../test/support/hooks.ts";
import { isPanopticonError } from "../../domain/error.ts";
import type { FieldSpec, MoveChoice } from "../../domain/operation.ts";
import { type ChangesStage, openChangesStage, you } from "../../../test/support/changes-stage.ts";

const resolution: FieldSpec = {
  id: "resolution",
  name: "Resolution",
  kind: "choice",
  required: true,
  options: [
    { id: "r1", name: "Fixed" },
    { id: "r2", name: "Later" },
  ],
};

function way(id: string, name: string, stateId: string, part: Partial<MoveChoice> = {}): MoveChoice {
  return { id, name, stateId, stateName: stateId, fields: [], reversible: true, ...part };
}

describe("a move in a tracker with a workflow", () => {
  let stage: ChangesStage;
  let last = 0;
  /** An issue that no other test has moved. */
  let ref = "";
  before(async () => {
    stage = await openChangesStage();
  });
  beforeEach(async () => {
    last = (last % 4) + 1;
    ref = `MIN-${last}`;
    for (const { id } of await stage.store.outbox.list()) await stage.store.outbox.drop(id);
    stage.asked.states.length = 0;
  });
  after(() => stage.close());

  const move = async (patch: Parameters<typeof stage.changes.edit>[1]) => {
    await stage.changes.edit(await stage.id(ref), patch, you);
    return (await stage.operation(ref)).fields;
  };
  const refusal = async (patch: Parameters<typeof stage.changes.edit>[1]) => {
    try {
      await stage.changes.edit(await stage.id(ref), patch, you);
    } catch (error) {
      assert.ok(isPanopticonError(error));
      assert.deepEqual(await stage.store.outbox.list(), []);
      return error;
    }
    throw new Error("it was not refused");
  };

  it("accepts a native state by its own name, even if that is also a status", async () => {
    stage.asked.choices = [way("12", "Hold", "stuck")];
    const asState = [
      { field: "status", from: "backlog", to: "in_progress", transition: "12" },
      { field: "state", from: "open", to: "stuck" },
    ];
    assert.deepEqual(await move({ state: "stuck" }), asState);
    assert.deepEqual(stage.asked.states, [["stuck"]], "no other state of that status will do");
    const id = await stage.id(ref);
    await assert.rejects(stage.changes.edit(id, { state: "stcuk" }, you), { code: "invalid_input", field: "state" });
    await assert.rejects(stage.changes.edit(id, { state: "Done", status: "done" }, you), { code: "invalid_input" });
  });

  it("takes the only transition", async () => {
    stage.asked.choices = [way("11", "Start", "doing"), way("21", "Close", "closed")];
    assert.deepEqual(await move({ status: "in progress" }), [
      { field: "status", from: "backlog", to: "in_progress", transition: "11" },
      { field: "state", from: "open", to: "doing" },
    ]);
    assert.deepEqual(stage.asked.states, [["doing", "stuck"]]);
  });

  it("follows the transition to a state that is not the first in the tracker's order", async () => {
    stage.asked.choices = [way("12", "Block", "stuck")];
    assert.deepEqual((await move({ status: "in progress" }))[1], { field: "state", from: "open", to: "stuck" });
  });

  it("asks if there are several transitions", async () => {
    stage.asked.choices = [way("11", "Start", "doing"), way("12", "Block", "stuck")];
    const error = await refusal({ status: "in progress" });
    assert.equal(error.code, "choice_needed");
    assert.deepEqual(
      error.choices.map(({ name }) => name),
      ["Start", "Block"],
    );
    assert.deepEqual((await move({ status: "in progress", transition: "block" }))[0], {
      field: "status",
      from: "backlog",
      to: "in_progress",
      transition: "12",
    });
  });

  it("treats a transition that ends in several states as one", async () => {
    stage.asked.choices = [way("11", "Start", "doing"), way("11", "Start", "stuck")];
    assert.deepEqual((await move({ status: "in progress" }))[1], { field: "state", from: "open", to: "doing" });
  });

  it("asks for required fields, and accepts them by name", async () => {
    stage.asked.choices = [way("21", "Close", "closed", { fields: [resolution] })];
    const error = await refusal({ status: "done" });
    assert.deepEqual([error.code, error.choices[0]?.fields[0]?.id], ["choice_needed", "resolution"]);
    assert.match(error.message, /“Close” requires Resolution/);
    assert.deepEqual(await move({ status: "done", fields: { Resolution: "fixed" } }), [
      { field: "status", from: "backlog", to: "done", transition: "21" },
      { field: "state", from: "open", to: "closed" },
      { field: "custom", id: "resolution", to: "r1" },
    ]);
  });

  it("lists the possible states if the workflow does not allow the move", async () => {
    stage.asked.choices = [way("11", "Start", "doing")];
    const error = await refusal({ status: "done" });
    assert.equal(error.code, "invalid_input");
    assert.match(error.hint ?? "", /Allowed: doing/);
  });

  it("can be given by a transition alone", async () => {
    stage.asked.choices = [way("11", "Start", "doing"), way("21", "Close", "closed")];
    assert.deepEqual(await move({ transition: "Close" }), [
      { field: "status", from: "backlog", to: "done", transition: "21" },
      { field: "state", from: "open", to: "closed" },
    ]);
  });

  it("suggests the nearest transition", async () => {
    stage.asked.choices = [way("11", "Start", "doing")];
    const error = await refusal({ status: "in progress", transition: "Strat" });
    assert.deepEqual([error.code, error.candidates, error.field], ["invalid_input", ["Start"], "transition"]);
  });

  it("is taken back while it is not sent, whatever the workflow allows", async () => {
    stage.asked.choices = [way("11", "Start", "doing"), way("21", "Close", "closed")];
    await move({ status: "in progress" });
    const id = await stage.id(ref);
    const [backlog] = await stage.changes.moves(id);
    assert.deepEqual([backlog?.state, backlog?.allowed], ["Open", true]);
    await stage.changes.edit(id, { status: "backlog" }, you);
    assert.deepEqual(await stage.store.outbox.list(), []);
  });

  it("is decided when it is sent if one before it is on its way: the workflow's answer is for the state that the issue leaves", async () => {
    stage.asked.choices = [way("11", "Start", "doing")];
    await move({ status: "in progress" });
    const sent = await stage.operation(ref);
    await stage.store.outbox.sending.begin(sent, { steps: [], lookAt: null });
    stage.asked.states.length = 0;
    const onward = await move({ status: "done" });
    await stage.changes.undo(you);
    await stage.changes.undo(you);
    const back = (await stage.operation(ref)).fields;
    await stage.store.outbox.sending.settle(sent.id, { state: "written" });
    assert.deepEqual(stage.asked.states, []);
    assert.deepEqual(onward, [
      { field: "status", from: "in_progress", to: "done" },
      { field: "state", from: "doing", to: "closed" },
    ]);
    assert.deepEqual(back, [
      { field: "status", from: "in_progress", to: "backlog" },
      { field: "state", from: "doing", to: "open" },
    ]);
  });

  it("is decided when it is sent if the tracker cannot be asked", async () => {
    stage.asked.choices = "down";
    assert.deepEqual(await move({ status: "in progress" }), [
      { field: "status", from: "backlog", to: "in_progress" },
      { field: "state", from: "open", to: "doing" },
    ]);
  });

  it("asks a silent tracker once for many issues", async () => {
    stage.asked.choices = "down";
    const results = await stage.changes.bulk(["MIN-1", "MIN-2", "MIN-3", "MIN-4"], { status: "done" }, you);
    assert.ok(results.every(({ error }) => error === null));
    assert.ok(stage.asked.states.length <= 4);
  });

  it("is listed with its transitions", async () => {
    stage.asked.choices = [
      way("11", "Start", "doing"),
      way("12", "Block", "stuck"),
      way("21", "Close", "closed", { fields: [resolution] }),
    ];
    const moves = await stage.changes.moves(await stage.id(ref));
    assert.deepEqual(
      moves.map(({ status, state, allowed, choices }) => [status, state, allowed, choices.length]),
      [
        ["backlog", "Open", true, 0],
        ["planning", null, false, 0],
        ["in_progress", "doing", true, 2],
        ["in_review", null, false, 0],
        ["done", "closed", true, 1],
        ["canceled", "Not planned", false, 0],
      ],
    );
    stage.asked.choices = "down";
    const unknown = await stage.changes.moves(await stage.id(ref));
    assert.deepEqual(
      unknown.map(({ allowed }) => allowed),
      [true, false, null, false, null, null],
    );
  });

  it("is listed without asking if every state can be set", async () => {
    const moves = await stage.changes.moves(await stage.id("app#1"));
    assert.deepEqual(
      moves.map(({ status, state, label, allowed }) => [status, state, label, allowed]),
      [
        ["backlog", "Open", null, true],
        ["planning", "Open", "planning", true],
        ["in_progress", "Open", "in progress", true],
        ["in_review", "Open", "in review", true],
        ["done", "Closed", null, true],
        ["canceled", "Not planned", null, true],
      ],
    );
    assert.deepEqual(stage.asked.states, []);
  });
});
