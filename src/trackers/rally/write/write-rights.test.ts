import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hasCode } from "../../conformance/assert-code.ts";
import { newMark } from "../../conformance/operation-mark.ts";
import { setWriteStage } from "./write-stage.ts";

describe("permissions", () => {
  it("of a read-only key and of a viewer are reported before the first write", async (t) => {
    const { open, source, find } = await setWriteStage(t);
    const story = await find("User Story");
    for (const [key, allowed, reason, refusal] of [
      ["_rally_emulator_full", true, null, null],
      ["_rally_emulator_reader", false, /is read-only\..*full access/, /is read-only/],
      ["_rally_emulator_viewer", false, /viewer of this project/, /Not authorized to update/],
    ] as const) {
      const { connection } = open({ credentials: { RALLY_API_KEY: key } });
      const { writable } = await connection.describe(source, {});
      assert.equal(writable.allowed, allowed, key);
      if (reason === null) assert.equal(writable.reason, null);
      else assert.match(writable.reason ?? "", reason);
      const { write } = connection;
      assert.ok(write);
      const [step] = await write.plan(source, story, { title: `By ${key}` });
      assert.ok(step);
      if (refusal === null) await write.perform(source, story, step);
      else
        await assert.rejects(
          write.perform(source, story, step),
          hasCode("forbidden", ({ message }) => refusal.test(message)),
        );
    }
  });

  it("end with the key: with a revoked one, writes wait for a new key, and it does not count as read-only", async (t) => {
    const { write, source, find, emulator } = await setWriteStage(t);
    const story = await find("User Story");
    const [step] = await write.plan(source, story, { title: "x" });
    assert.ok(step);
    emulator.faults.add({ kind: "revoked", times: 2 });
    await assert.rejects(write.perform(source, story, step), hasCode("auth"));
  });

  it("allow nobody to change another user's comment", async (t) => {
    const { open, write, source, find, address, emulator } = await setWriteStage(t);
    const story = address(await find("User Story"));
    const { comment } = await write.comment(source, story, "Mine", newMark());
    const other = open({ credentials: emulator.otherCredentials }).connection.write;
    assert.ok(other);
    await assert.rejects(
      other.editComment(source, story, comment.id, "Theirs"),
      hasCode("forbidden", ({ hint }) => (hint ?? "").includes("author")),
    );
    await assert.rejects(other.deleteComment(source, story, comment.id), hasCode("forbidden"));
  });
});
