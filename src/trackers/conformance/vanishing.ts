import assert from "node:assert/strict";
import { hasCode } from "./assert-code.ts";
import { createMirror } from "./mirror.ts";
import type { Register } from "./register.ts";
import { setStage, type Subject } from "./stage.ts";

/** Deleted, moved and hidden issues: found by the sweep, distinguished by reading. */
export function testVanishing(it: Register, subject: Subject): void {
  it("sweeps every existing id with its key", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: subject.pageSize * 2 + 10 });
    const found = (await Array.fromAsync(connection.sweep(source, new AbortController().signal))).flat();
    const world = emulator.world.issues(source.key);
    assert.deepEqual(
      [...new Set(found.map(({ nativeId, key }) => `${nativeId} ${key}`))].sort(),
      world.map(({ nativeId, key }) => `${nativeId} ${key}`).sort(),
    );
  });

  it("leaves out of the sweep what is outside the history window", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: subject.pageSize * 2 });
    const historyMs = 30 * 24 * 60 * 60_000;
    const found = (
      await Array.fromAsync(connection.sweep({ ...source, historyMs }, new AbortController().signal))
    ).flat();
    const inside = emulator.world
      .issues(source.key)
      .filter((issue) => !issue.closed || issue.updatedAt >= Date.now() - historyMs);
    assert.deepEqual([...new Set(found.map((one) => one.nativeId))].sort(), inside.map((one) => one.nativeId).sort());
  });

  it("reads one issue with the same result as the list", async (t) => {
    const { connection, source } = await setStage(t, subject, { issues: 40 });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    for (const listed of [...mirror.issues.values()].slice(0, 10)) {
      const result = await connection.read(source, listed.nativeId, listed.key);
      assert.equal(result.kind, "issue");
      if (result.kind !== "issue") continue;
      // Only relations and attachments may be more complete.
      const { relations, attachments } = result.issue;
      assert.deepEqual({ ...listed, relations, attachments }, result.issue);
      assert.notEqual(relations, null);
      assert.ok(attachments);
      if (listed.relations !== null) assert.deepEqual(listed.relations, relations);
      if (listed.attachments != null) assert.deepEqual(listed.attachments, attachments);
    }
  });

  it("reports a deleted issue as gone", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 20 });
    const { nativeId, key } = emulator.world.issues(source.key)[3] ?? { nativeId: "", key: "" };
    emulator.world.delete(nativeId);
    assert.deepEqual(await connection.read(source, nativeId, key), { kind: "gone" });
    const live = (await Array.fromAsync(connection.sweep(source, new AbortController().signal))).flat();
    assert.ok(!live.some((one) => one.nativeId === nativeId));
  });

  it("reports a moved issue and its new place", async (t) => {
    const { connection, emulator } = await setStage(t, subject, { issues: 20, sources: 2 });
    const [from, to] = emulator.sources;
    assert.ok(from && to);
    const source = { key: from.key, historyMs: null, nativeId: from.id };
    const { nativeId, key } = emulator.world.issues(from.key)[0] ?? { nativeId: "", key: "" };
    const { world } = emulator;
    assert.ok("move" in world, "the emulator needs `world.move`, or the subject skips this test with the reason");
    world.move?.(nativeId, to.key);
    const result = await connection.read(source, nativeId, key);
    assert.equal(result.kind, "moved");
    assert.ok(result.kind === "moved" && result.url !== null && /^https?:\/\//.test(result.url));
    assert.deepEqual(await connection.read({ ...source, nativeId: null }, nativeId, key), result);
  });

  it("distinguishes an invisible source from an empty one", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 20 });
    const mirror = createMirror();
    const { info } = await connection.describe(source, {});
    const known = { ...source, nativeId: info.id };
    await mirror.pull(connection, known);
    const { nativeId, key } = emulator.world.issues(source.key)[0] ?? { nativeId: "", key: "" };
    emulator.world.hideSource(source.key, true);
    await assert.rejects(connection.describe(known, {}), hasCode("not_found"));
    await assert.rejects(mirror.pull(connection, known), hasCode("not_found"));
    await assert.rejects(Array.fromAsync(connection.sweep(known, new AbortController().signal)), hasCode("not_found"));
    assert.deepEqual(await connection.read(known, nativeId, key), { kind: "forbidden" });
    emulator.world.hideSource(source.key, false);
    assert.equal((await mirror.pull(connection, known)).news, 0);
  });

  it("reports what the tracker's own list marks as trashed", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 20 });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    const { world } = emulator;
    assert.ok("archive" in world, "the emulator needs `world.archive`, or the subject skips this test with the reason");
    const [trashed, archived] = emulator.world.issues(source.key);
    assert.ok(trashed && archived);
    world.archive?.(trashed.nativeId, "trashed");
    world.archive?.(archived.nativeId, "archived");
    await mirror.pull(connection, source);
    assert.ok(!mirror.issues.has(trashed.nativeId));
    assert.ok(mirror.issues.has(archived.nativeId), "an archived issue is still an issue");
    assert.deepEqual(await connection.read(source, trashed.nativeId, trashed.key), { kind: "gone" });
    world.archive?.(trashed.nativeId, null);
    await mirror.pull(connection, source);
    assert.ok(mirror.issues.has(trashed.nativeId));
  });
}
