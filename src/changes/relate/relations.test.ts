import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { after, before } from "../../../test/support/hooks.ts";
import type { RelationType } from "../../domain/issue.ts";
import { type ChangesStage, openChangesStage, you } from "../../../test/support/changes-stage.ts";

describe("relations", () => {
  let stage: ChangesStage;
  before(async () => {
    stage = await openChangesStage();
  });
  after(() => stage.close());

  const relations = async (ref: string) =>
    (await stage.store.board.detail(await stage.id(ref))).relations.map(
      ({ type, ref: other, origin }) => `${type} ${other} ${origin}`,
    );
  const relate = async (ref: string, type: RelationType, other: string) =>
    stage.changes.relate(await stage.id(ref), type, other, you);
  const unrelate = async (ref: string, type: RelationType) => {
    const id = await stage.id(ref);
    const relation = (await stage.store.board.detail(id)).relations.find((one) => one.type === type);
    await stage.changes.unrelate(id, relation?.id ?? "none", you);
  };

  it("are the tracker's own if it has the type", async () => {
    await relate("app#1", "blocks", "app#2");
    const { kind, payload } = await stage.operation("app#1");
    assert.equal(kind, "relate");
    assert.deepEqual(payload.relation, {
      type: "blocks",
      target: { nativeId: "n2", key: "#2", sourceKey: "acme/app" },
      id: null,
    });
    const before = stage.changed.length;
    await relate("app#1", "blocks", "app#2");
    assert.equal(stage.changed.length, before, "one that is there stays");
  });

  it("are shown at both issues before they are sent, and can be removed from either", async () => {
    assert.deepEqual(await relations("app#2"), ["blocked_by app#1 tracker"]);
    const before = stage.changed.length;
    await unrelate("app#2", "blocked_by");
    assert.deepEqual([await relations("app#1"), await relations("app#2")], [[], []]);
    assert.equal(stage.changed.length, before + 1);
    // Behind the relation itself, so that the tracker ends without it.
    assert.equal((await stage.operation("app#1")).kind, "unrelate");
    await relate("app#1", "blocks", "app#2");
  });

  it("are links between trackers, and for types that a tracker lacks", async () => {
    await relate("app#3", "blocked_by", "MIN-3");
    await relate("app#3", "relates", "app#4");
    assert.deepEqual((await relations("app#3")).toSorted(), ["blocked_by MIN-3 made", "relates app#4 made"]);
    assert.deepEqual(await relations("MIN-3"), ["blocks app#3 made"]);
    await unrelate("app#3", "blocked_by");
    assert.deepEqual(await relations("MIN-3"), []);
  });

  it("to parents are a field of the child, set from either side", async () => {
    await relate("MIN-1", "parent", "MIN-2");
    assert.deepEqual((await stage.operation("MIN-1")).fields, [{ field: "parent", from: null, to: "m2" }]);
    await relate("MIN-2", "child", "MIN-4");
    assert.deepEqual((await stage.operation("MIN-4")).fields, [{ field: "parent", from: null, to: "m2" }]);
    await stage.changes.unrelate(await stage.id("MIN-4"), "parent", you);
    assert.equal((await stage.store.outbox.issue(await stage.id("MIN-4"))).shown.parentId, null);
    await unrelate("MIN-2", "child");
    assert.equal((await stage.store.outbox.issue(await stage.id("MIN-1"))).shown.parentId, null);
  });

  it("to a parent in another tracker replace the tracker's own, and vice versa", async () => {
    const id = await stage.id("app#4");
    await stage.changes.edit(id, { parent: "app#2" }, you);
    await stage.changes.edit(id, { parent: "MIN-3" }, you);
    assert.equal((await stage.store.outbox.issue(id)).shown.parentId, null);
    assert.ok((await relations("app#4")).includes("parent MIN-3 made"));
    await stage.changes.edit(id, { parent: "app#1" }, you);
    assert.equal((await stage.store.outbox.issue(id)).shown.parentId, "n1");
    assert.ok(!(await relations("app#4")).includes("parent MIN-3 made"));
    await stage.changes.edit(id, { parent: null }, you);
    assert.equal((await stage.store.outbox.issue(id)).shown.parentId, null);
  });

  it("refuse a circle of parents, in one tracker or across several", async () => {
    const refused = { code: "invalid_input", message: /is already below/, hint: /pan edit .* --parent none/ };
    await relate("app#2", "parent", "MIN-2");
    await relate("MIN-2", "parent", "MIN-3");
    await assert.rejects(relate("MIN-2", "parent", "app#2"), refused);
    await assert.rejects(relate("app#2", "child", "MIN-3"), refused);
    await assert.rejects(stage.changes.edit(await stage.id("MIN-3"), { parent: "MIN-2" }, you), refused);
    await assert.rejects(stage.changes.edit(await stage.id("MIN-3"), { parent: "app#2" }, you), refused);
    assert.ok(!(await relations("MIN-3")).some((one) => one.startsWith("parent")));
    // Blocking each other is allowed.
    await relate("app#2", "blocks", "MIN-3");
    await relate("app#2", "blocked_by", "MIN-3");
    // Undone links are created anew.
    const first = { ...you, session: "first" };
    await stage.changes.unrelate(await stage.id("app#2"), "parent", first);
    await relate("MIN-2", "parent", "app#2");
    await assert.rejects(stage.changes.undo(first), refused);
  });

  it("refuse a circle of parents set at the same moment", async () => {
    for (const [one, other] of [
      ["MIN-1", "MIN-4"],
      ["app#1", "MIN-1"],
    ] as const) {
      const ways = await Promise.allSettled([relate(one, "parent", other), relate(other, "parent", one)]);
      const refused = ways.flatMap((way) => (way.status === "rejected" ? [way.reason as unknown] : []));
      assert.deepEqual(refused.length, 1, `${one} and ${other}`);
      assert.match(String(refused[0]), /is already below/);
    }
  });

  it("to a parent refused a moment later leave the tracker's own parent unchanged", async () => {
    const { store, changes, id } = stage;
    const parentOf = async (ref: string) => (await store.outbox.issue(await id(ref))).shown.parentId;
    let refused = 0;
    for (const isFirst of [true, false]) {
      await changes.edit(await id("app#4"), { parent: "app#3" }, you);
      const own = () => relate("app#4", "parent", "MIN-2");
      const theirs = () => relate("MIN-2", "parent", "app#4");
      const ways = await Promise.allSettled(isFirst ? [own(), theirs()] : [theirs(), own()]);
      if (ways[isFirst ? 0 : 1]?.status === "rejected") {
        refused += 1;
        assert.equal(await parentOf("app#4"), "n3");
      }
      await changes.edit(await id("app#4"), { parent: null }, you);
      await changes.edit(await id("MIN-2"), { parent: null }, you);
    }
    assert.ok(refused > 0);
  });

  it("are refused in plain words", async () => {
    await assert.rejects(relate("app#1", "relates", "app#1"), { code: "invalid_input", message: /relate to itself/ });
    await assert.rejects(relate("app#1", "relates", "app#77"), { code: "not_found" });
    await assert.rejects(relate("app#1", "block" as RelationType, "app#2"), {
      code: "invalid_input",
      hint: "Did you mean “blocks”?",
    });
    await assert.rejects(stage.changes.unrelate(await stage.id("app#1"), "link:999", you), { code: "not_found" });
  });
});
