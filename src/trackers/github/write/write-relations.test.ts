import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hasCode } from "../../conformance/assert-code.ts";
import { setWriteStage, addressOf } from "./write-stage.ts";

describe("relations", () => {
  it("work across repositories, and parents change in one request", async (t) => {
    const { emulator, source, write, make, apply, read } = await setWriteStage(t, { sources: 2 });
    const [issue, parent] = [await make(), await make()];
    const elsewhere = { ...source, key: emulator.sources[1]?.key ?? "" };
    const far = await read(emulator.world.create(elsewhere.key, { title: "Far away" }), elsewhere);
    await apply(issue, { parent: addressOf(parent, source) });
    assert.equal((await read(issue)).parentKey, parent.key);
    assert.equal((await apply(await read(issue), { parent: addressOf(far, elsewhere) })).length, 1);
    const moved = await read(issue);
    assert.equal(moved.parentKey, elsewhere.key + far.key);
    assert.deepEqual(await write.plan(source, moved, { parent: addressOf(far, elsewhere) }), []);
    await apply(moved, { parent: null });
    assert.equal((await read(issue)).parentKey, null);
    // As the child named it before, for undo.
    for (const named of [parent.key, elsewhere.key + far.key]) {
      await apply(await read(issue), { parent: { nativeId: named, key: "", sourceKey: "" } });
      assert.equal((await read(issue)).parentKey, named);
    }
    await assert.rejects(
      write.plan(source, moved, { parent: { nativeId: "123", key: "", sourceKey: "" } }),
      hasCode("invalid_input"),
    );

    const relation = { type: "blocked_by", target: addressOf(far, elsewhere), id: null } as const;
    await write.relate(source, addressOf(issue, source), relation);
    assert.equal((await read(issue)).relations?.[0]?.targetId, far.nativeId);
    assert.equal((await read(far, elsewhere)).relations?.[0]?.type, "blocks");
  });

  it("that form a cycle are refused with GitHub's message", async (t) => {
    const { source, write, make } = await setWriteStage(t);
    const [issue, other] = [await make(), await make()];
    const target = addressOf(other, source);
    await write.relate(source, addressOf(issue, source), { type: "blocked_by", target, id: null });
    await assert.rejects(
      write.relate(source, addressOf(issue, source), { type: "blocks", target, id: null }),
      hasCode("invalid_input", /circular/),
    );
  });
});
