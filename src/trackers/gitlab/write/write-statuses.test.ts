import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { blankDraft } from "../../../../test/support/blank-draft.ts";
import { newMark } from "../../conformance/operation-mark.ts";
import type { NativeEdit, WriteAnswer } from "../../tracker.ts";
import { statusesSubject } from "../subject.ts";
import { setWriteStage } from "./write-stage.ts";

describe("statuses", () => {
  it("are set in one request, which closes or opens the issue and returns it", async (t) => {
    const { make, apply, read, schema, count } = await setWriteStage(t, statusesSubject);
    const idOf = (name: string) => schema.vocabulary.states.find((state) => state.name === name)?.id ?? "";
    let issue = await make({ title: "On its way" });
    assert.equal(issue.stateId, idOf("To do"));
    for (const [name, isClosed] of [
      ["In review", false],
      ["Done", true],
      ["In progress", false],
      ["Won't do", true],
    ] as const) {
      let answers: readonly WriteAnswer[] = [];
      assert.equal(await count(async () => (answers = await apply(issue, { stateId: idOf(name) }))), 1);
      issue = await read(issue);
      assert.equal(issue.stateId, idOf(name));
      assert.equal(issue.closedAt !== null, isClosed);
      assert.deepEqual(answers[0]?.issue, issue);
    }
  });

  it("are unchanged by other edits, and a new issue has its initial one", async (t) => {
    const { make, apply, read, schema, write, source, emulator } = await setWriteStage(t, statusesSubject);
    const issue = await make({ title: "Before" });
    const [answer] = await apply(issue, { title: "After" });
    assert.equal(answer?.issue.stateId, issue.stateId);
    const created = await write.create(source, blankDraft, newMark());
    assert.equal(schema.vocabulary.states.find(({ id }) => id === created.issue.stateId)?.name, "To do");
    // The create succeeds although the issue cannot be read afterwards.
    emulator.faults.add({ kind: "drop", method: "GET", times: Infinity });
    const blind = await write.create(source, { ...blankDraft, title: "Blind" }, newMark());
    assert.equal(blind.issue.title, "Blind");
    emulator.faults.clear();
    assert.equal((await read(blind.issue)).title, "Blind");
  });

  it("are set before labels are removed, and after labels are added", async (t) => {
    const { make, write, source, schema, labelOf } = await setWriteStage(t, statusesSubject);
    const idOf = (name: string) => schema.vocabulary.states.find((state) => state.name === name)?.id ?? "";
    const issue = await make({ title: "Both", labels: ["workflow::planning"] });
    const kinds = async (edit: NativeEdit) => (await write.plan(source, issue, edit)).map(({ name }) => name);
    const stateId = idOf("In progress");
    const label = labelOf("workflow::planning");
    assert.deepEqual(await kinds({ stateId, removeLabels: [label] }), ["set status", "remove labels"]);
    assert.deepEqual(await kinds({ stateId, addLabels: [labelOf("customer")] }), ["add labels", "set status"]);
  });
});
