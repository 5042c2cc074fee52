import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { type ChangesStage, openChangesStage, you } from "../../../test/support/changes-stage.ts";
import type { IssuePatch } from "../changes.ts";

describe("placing issues in the manual order", () => {
  let stage: ChangesStage;
  beforeEach(async () => {
    stage = await openChangesStage();
  });
  afterEach(() => stage.close());

  const edit = async (ref: string, patch: IssuePatch) => stage.changes.edit(await stage.id(ref), patch, you);
  const order = async () => {
    const sort = { key: "manual", reverse: false } as const;
    const { issues } = await stage.store.board.issues({ filter: {}, sort, limit: 50, cursor: null, me: {} });
    return issues.map(({ ref }) => ref).join(" ");
  };

  it("sends nothing to a tracker, and can be undone", async () => {
    const before = await order();
    const card = await edit("MIN-3", { rank: { before: "app#4" } });
    assert.equal(card.sync.state, "synced");
    const after = await order();
    assert.match(after, /MIN-3 app#4/);
    assert.notEqual(after, before);
    assert.deepEqual(await stage.store.outbox.list(), []);
    assert.equal((await stage.changes.undo(you)).what, "moved MIN-3 back to its place");
    assert.equal(await order(), before);
  });

  it("is done and undone together with a move", async () => {
    const before = await order();
    await edit("app#1", { status: "planning", rank: { after: "app#3" } });
    assert.match(await order(), /app#3 app#1/);
    const { id } = await stage.operation("app#1");
    await stage.changes.undo(you, { operation: id });
    assert.equal(await order(), before);
    assert.deepEqual(await stage.store.outbox.list(), []);
    await assert.rejects(stage.changes.undo(you), { code: "not_found" });
  });

  it("stays in effect against earlier undos, even after its own undo was refused", async () => {
    const place = async (rank: NonNullable<IssuePatch["rank"]>, session: string) =>
      stage.changes.edit(await stage.id("app#1"), { rank }, { ...you, session });
    const undo = (session: string) => stage.changes.undo({ ...you, session });
    await place({ after: "app#2" }, "first");
    await place({ after: "app#3" }, "second");
    const second = await order();
    await place({ after: "app#4" }, "third");
    await assert.rejects(undo("second"), { code: "conflict" }, "it was placed anew");
    await undo("third");
    assert.equal(await order(), second);
    await assert.rejects(undo("first"), { code: "conflict" }, "the second placing is what stands now");
    assert.equal(await order(), second);
  });

  it("stays in effect when the move it was made with is dropped", async () => {
    await stage.changes.edit(await stage.id("app#1"), { rank: { after: "app#2" } }, { ...you, session: "earlier" });
    await edit("app#1", { status: "planning", rank: { after: "app#3" } });
    const placed = await order();
    const { id } = await stage.operation("app#1");
    await stage.store.outbox.drop(id);
    assert.equal(await order(), placed);
    await assert.rejects(stage.changes.undo({ ...you, session: "earlier" }), { code: "conflict" });
    assert.equal(await order(), placed);
  });

  it("keeps several issues in the given order, on either side", async () => {
    await stage.changes.bulk(["MIN-1", "app#2", "MIN-4"], { rank: { before: "app#3" } }, you);
    assert.match(await order(), /MIN-1 app#2 MIN-4 app#3/);
    await stage.changes.bulk(["app#2", "MIN-4", "MIN-1"], { rank: { after: "app#3" } }, you);
    assert.match(await order(), /app#3 app#2 MIN-4 MIN-1/);
  });

  it("refuses an invalid neighbour", async () => {
    for (const rank of [{}, { before: "app#1", after: "app#2" }, "app#1", 7, { above: "app#1" }, { before: 3 }]) {
      await assert.rejects(edit("app#3", { rank } as unknown as IssuePatch), { code: "invalid_input", field: "rank" });
    }
    await assert.rejects(edit("app#3", { rank: { before: "app#99" } }), { code: "not_found" });
    await assert.rejects(edit("app#3", { rank: { before: "app#3" } }), { code: "invalid_input" });
  });
});
