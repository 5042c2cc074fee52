import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createMirror } from "../conformance/mirror.ts";
import { setStage } from "../conformance/stage.ts";
import { gitlabSubject } from "./subject.ts";

const subject = gitlabSubject;
const signal = new AbortController().signal;

describe("a renamed project", () => {
  it("is found by its id, and its new path is reported", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 30 });
    const mirror = createMirror();
    const { info } = await connection.describe(source, {});
    const known = { ...source, nativeId: info.id };
    await mirror.pull(connection, known);
    emulator.world.renameSource?.(source.key, "harborline/finance/ledger");

    const after = await connection.describe(known, {});
    assert.equal(after.info.key, "harborline/finance/ledger");
    assert.deepEqual(
      after.warnings?.map((warning) => [warning.code, warning.candidates]),
      [["invalid_input", ["harborline/finance/ledger"]]],
    );
    emulator.requests.clear();
    emulator.world.create("harborline/finance/ledger", { title: "after the renaming" });
    await mirror.pull(connection, known);
    assert.equal(mirror.issues.size, 31);
    const rest = emulator.requests.list().filter(({ url }) => !url.endsWith("/api/graphql"));
    assert.ok(rest.length > 0 && rest.every(({ url }) => url.includes(`/projects/${info.id}/`)));
    assert.ok(emulator.requests.list().every(({ status }) => status === 200));
  });

  it("is found by its former path while the id is unknown", async (t) => {
    const { connection, source, emulator } = await setStage(t, subject, { issues: 30 });
    emulator.world.renameSource?.(source.key, "harborline/finance/ledger");
    const { info } = await connection.describe(source, {});
    assert.equal(info.key, "harborline/finance/ledger");
    const mirror = createMirror();
    await mirror.pull(connection, source);
    assert.equal(mirror.issues.size, 30);
  });
});

describe("a moved issue", () => {
  it("leaves the mirror with the poll that returns the closed original", async (t) => {
    const { connection, emulator } = await setStage(t, subject, { issues: 20, sources: 2 });
    const [from, to] = emulator.sources;
    assert.ok(from && to);
    const source = { key: from.key, historyMs: null, nativeId: from.id };
    const mirror = createMirror();
    await mirror.pull(connection, source);
    const [first] = emulator.world.issues(from.key);
    assert.ok(first);
    emulator.world.move?.(first.nativeId, to.key);
    await mirror.pull(connection, source);
    assert.ok(!mirror.issues.has(first.nativeId));
    const live = (await Array.fromAsync(connection.sweep(source, signal))).flat();
    assert.ok(!live.some(({ nativeId }) => nativeId === first.nativeId));
    const result = await connection.read(source, first.nativeId, first.key);
    assert.ok(result.kind === "moved");
    const arrived = emulator.world
      .issues(to.key)
      .find(({ title, createdAt }) => title === first.title && createdAt === first.createdAt);
    assert.match(result.url ?? "", new RegExp(`/${to.key}/-/(issues|work_items)/${arrived?.key.slice(1)}$`));
  });
});
