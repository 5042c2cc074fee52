import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { blankDraft } from "../../../../test/support/blank-draft.ts";
import { hasCode } from "../../conformance/assert-code.ts";
import { newMark } from "../../conformance/operation-mark.ts";
import type { NativeEdit, TrackerWriter } from "../../tracker.ts";
import { setWriteStage, guest } from "./write-stage.ts";

describe("permissions", () => {
  it("of a guest are reported, and what GitLab silently ignores shows in the response", async (t) => {
    const { open, source, labelOf, make } = await setWriteStage(t);
    const { connection } = open({ credentials: guest });
    const { writable } = await connection.describe(source, {});
    assert.equal(writable.allowed, null);
    assert.match(writable.reason ?? "", /Guest/);
    const write = connection.write as TrackerWriter;
    const { issue } = await write.create(source, blankDraft, newMark());
    const edit: NativeEdit = { title: "Mine", addLabels: [labelOf("customer")] };
    const [step] = await write.plan(source, issue, edit);
    assert.ok(step);
    const answer = await write.perform(source, issue, step);
    assert.equal(answer?.issue.title, "Mine");
    assert.equal((await write.plan(source, answer.issue, edit)).length, 1, "the label did not take");
    const foreign = await make({ title: "Somebody else's" });
    const [other] = await write.plan(source, foreign, { title: "Mine too" });
    assert.ok(other);
    await assert.rejects(
      write.perform(source, foreign, other),
      hasCode("forbidden", ({ hint }) => /role/.test(hint ?? "")),
    );
  });

  it("for comments belong to their author", async (t) => {
    const { open, source, write, make, address, emulator } = await setWriteStage(t);
    const issue = await make({ title: "Talked about" });
    const { comment } = await write.comment(source, address(issue), "Mine", newMark());
    const other = open({ credentials: emulator.otherCredentials }).connection.write as TrackerWriter;
    await assert.rejects(other.editComment(source, address(issue), comment.id, "Yours"), hasCode("forbidden"));
    await assert.rejects(other.deleteComment(source, address(issue), comment.id), hasCode("forbidden"));
    emulator.world.delete(issue.nativeId);
    await assert.rejects(write.deleteComment(source, address(issue), comment.id), hasCode("not_found"));
  });
});
