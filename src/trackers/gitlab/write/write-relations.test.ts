import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hasCode } from "../../conformance/assert-code.ts";
import { createMirror } from "../../conformance/mirror.ts";
import type { TrackerWriter, WriteAnswer } from "../../tracker.ts";
import { gitlabSubject, selfManagedSubject } from "../subject.ts";
import { setWriteStage, guest } from "./write-stage.ts";

describe("parents", () => {
  it("are set and removed, and refused with GitLab's message", async (t) => {
    const { connection, source, apply, read, address, count } = await setWriteStage(t, gitlabSubject, { issues: 200 });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    const issues = [...mirror.issues.values()];
    const task = issues.find(({ type }) => type === "task");
    const [one, other] = issues.filter(({ type }) => type === "issue");
    assert.ok(task && one && other);
    let answers: readonly WriteAnswer[] = [];
    assert.equal(await count(async () => (answers = await apply(task, { parent: address(one) }))), 1);
    assert.equal(answers[0]?.issue.parentId, one.nativeId);
    assert.deepEqual(await read(task), answers[0]?.issue);
    await apply(await read(task), { parent: null });
    assert.equal((await read(task)).parentId, null);
    await assert.rejects(
      apply(other, { parent: address(task) }),
      hasCode("invalid_input", /GitLab says: .*type of parent/),
    );
  });
});

describe("relations", () => {
  it("that need a paid plan are refused as such", async (t) => {
    const { source, write, make, address } = await setWriteStage(t, gitlabSubject, { project: 1 });
    const [one, two] = [await make({ title: "One" }), await make({ title: "Two" })];
    const target = address(two);
    await assert.rejects(
      write.relate(source, address(one), { type: "blocks", target, id: null }),
      hasCode("unsupported", ({ message, hint }) => /license/.test(message) && /paid/.test(hint ?? "")),
    );
    await write.relate(source, address(one), { type: "relates", target, id: null });
  });

  it("that the Community Edition does not know are refused in the same way", async (t) => {
    const { source, write, make, address } = await setWriteStage(t, selfManagedSubject, {
      variant: "self-managed-free",
    });
    const [one, two] = [await make({ title: "One" }), await make({ title: "Two" })];
    const target = address(two);
    await assert.rejects(
      write.relate(source, address(one), { type: "blocks", target, id: null }),
      hasCode("unsupported", ({ hint }) => /paid/.test(hint ?? "")),
    );
    await write.relate(source, address(one), { type: "relates", target, id: null });
  });

  it("are limited to one per pair of issues: another has to be removed first", async (t) => {
    const { source, write, make, address, read } = await setWriteStage(t);
    const [one, two] = [await make({ title: "One" }), await make({ title: "Two" })];
    const target = address(two);
    await write.relate(source, address(one), { type: "relates", target, id: null });
    await assert.rejects(
      write.relate(source, address(one), { type: "blocks", target, id: null }),
      hasCode("invalid_input", /relates/),
    );
    await write.unrelate(source, address(one), { type: "blocks", target, id: null });
    assert.equal((await read(one)).relations?.length, 1, "another type than what is to end");
  });

  it("that may not be removed report it", async (t) => {
    const { source, write, make, address, read, open } = await setWriteStage(t);
    const [one, two] = [await make({ title: "One" }), await make({ title: "Two" })];
    await write.relate(source, address(one), { type: "relates", target: address(two), id: null });
    const id = (await read(one)).relations?.[0]?.id ?? null;
    const theirs = open({ credentials: guest }).connection.write as TrackerWriter;
    await assert.rejects(
      theirs.unrelate(source, address(one), { type: "relates", target: address(two), id }),
      hasCode("forbidden", /No Issue Link found/),
    );
  });

  it("work across the projects of the connection", async (t) => {
    const { source, write, make, address, read, emulator } = await setWriteStage(t);
    const one = await make({ title: "Here" });
    const elsewhere = emulator.sources[1]?.key ?? "";
    const { nativeId, key } = emulator.world.create(elsewhere, { title: "There" });
    const target = { nativeId, key, sourceKey: elsewhere };
    await write.relate(source, address(one), { type: "blocked_by", target, id: null });
    assert.deepEqual(
      (await read(one)).relations?.map(({ type, targetId }) => [type, targetId]),
      [["blocked_by", nativeId]],
    );
  });
});
