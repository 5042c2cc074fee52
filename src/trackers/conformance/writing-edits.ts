import assert from "node:assert/strict";
import type { NativeIssue } from "../../domain/issue.ts";
import { newLabelId } from "../../domain/operation.ts";
import type { NativeEdit } from "../tracker.ts";
import type { Register } from "./register.ts";
import { assertParent, changedParts, fieldEdits } from "./writing-fields.ts";
import type { Subject } from "./stage.ts";
import { registerWriter, sample, samples, type WriterStage } from "./writer-stage.ts";

/** Single fields, several fields, and sets that others change concurrently. */
export function testEdits(it: Register, subject: Subject): void {
  const writes = registerWriter(it, subject);
  const { capabilities, writing } = subject.definition;

  writes("changes each field alone, in the minimum number of requests, and nothing else", async (stage) => {
    for (const found of samples(stage)) {
      const fields = fieldEdits(stage, await stage.read(found));
      for (const { name, edit, expect, changes } of fields) {
        const before = await stage.read(found);
        const steps = await stage.write.plan(stage.source, before, edit);
        const sent = await stage.count(() => stage.perform(before, steps));
        assert.equal(sent, stage.writing.requestsOf?.[name] ?? 1, `requests for ${found.type}'s ${name}`);
        const after = await stage.read(found);
        await expect(after);
        // The outbox uses the same comparison to judge a response.
        assert.deepEqual(await stage.write.plan(stage.source, after, edit), [], `${name} took`);
        const allowed = [...changes, ...(stage.writing.alsoChanges?.[name] ?? [])];
        assert.deepEqual(
          changedParts(before, after).filter((part) => !allowed.includes(part)),
          [],
          `${found.type}'s ${name}`,
        );
        assert.ok(after.updatedAt >= before.updatedAt);
      }
    }
  });

  writes("sends no request while planning, and plans nothing if nothing changes", async (stage) => {
    const issue = await stage.read(sample(stage));
    const same: NativeEdit = {
      title: issue.title,
      body: issue.body,
      stateId: issue.stateId,
      ...(capabilities.cycles ? { cycleId: issue.cycleId } : {}),
      addLabels: issue.labelIds.map((id, index) => ({ id, name: stage.labelNames(issue)[index] ?? "" })),
      addAssignees: issue.assigneeIds,
      removeAssignees: [],
    };
    const sent = await stage.count(async () => {
      assert.deepEqual(await stage.write.plan(stage.source, issue, same), []);
      assert.ok((await stage.write.plan(stage.source, issue, { title: "another" })).length > 0);
    });
    assert.equal(sent, 0);
  });

  writes("plans nothing for labels and assignees that are already as wanted", async (stage) => {
    const { labels, people } = stage.schema.vocabulary;
    const [there, absent] = labels.slice(-2);
    const [present, another] = people;
    assert.ok(there && absent && present && another);
    const issue = await stage.read(
      stage.emulator.world.create(stage.source.key, {
        title: "As wanted",
        labels: [there.name],
        assignees: [present.login],
      }),
    );
    const plan = async (edit: NativeEdit) => stage.write.plan(stage.source, issue, edit);
    assert.deepEqual(await plan({ addLabels: [there], removeLabels: [absent] }), []);
    assert.deepEqual(await plan({ addAssignees: [present.id] }), []);
    assert.deepEqual(await plan({ removeAssignees: [another.id] }), []);
    // Only what differs is sent.
    await stage.perform(issue, await plan({ addLabels: [there, absent], removeAssignees: [present.id, another.id] }));
    const after = await stage.read(issue);
    assert.deepEqual(stage.labelNames(after).toSorted(), [there.name, absent.name].toSorted());
    assert.deepEqual(after.assigneeIds, []);
  });

  writes("changes several fields at once", async (stage) => {
    for (const found of samples(stage)) {
      const before = await stage.read(found);
      // Changing the type may change the available fields, so it is tested alone.
      const fields = fieldEdits(stage, before).filter(({ name }) => name !== "type");
      const edit = Object.assign({}, ...fields.map((field) => field.edit)) as NativeEdit;
      const after = await stage.apply(before, edit);
      for (const { expect } of fields) await expect(after);
    }
  });

  writes("clears every field that can be empty", async (stage) => {
    for (const found of samples(stage)) {
      const issue = await stage.read(found);
      const fields = fieldEdits(stage, issue).filter(({ name }) => !["type", "stateId"].includes(name));
      const full = await stage.apply(issue, Object.assign({}, ...fields.map((field) => field.edit)) as NativeEdit);
      const names = new Set(fields.map(({ name }) => name));
      const empty: NativeEdit = {
        body: "",
        ...(names.has("cycleId") ? { cycleId: null } : {}),
        ...(names.has("dueDate") ? { dueDate: null } : {}),
        ...(names.has("estimate") ? { estimate: null } : {}),
        ...(names.has("parent") ? { parent: null } : {}),
      };
      const after = await stage.apply(full, empty);
      assert.equal(after.body, "");
      if (names.has("cycleId")) assert.equal(after.cycleId, null);
      if (names.has("dueDate")) assert.equal(after.dueDate, null);
      if (names.has("estimate")) assert.equal(after.estimate, null);
      if (names.has("parent")) assertParent(after, null);
    }
  });

  writes("adds and removes labels, and keeps those that others added meanwhile", async (stage) => {
    const names = stage.schema.vocabulary.labels.map(({ name }) => name).slice(-4);
    const [first, second, third] = names;
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    const issue = await withLabels(stage, [first]);
    const steps = await stage.write.plan(stage.source, issue, {
      addLabels: [stage.labelRef(second)],
      removeLabels: [stage.labelRef(first)],
    });
    stage.emulator.world.edit(issue.nativeId, { labels: [first, third] });
    await stage.perform(issue, steps);
    const after = await stage.read(issue);
    assert.deepEqual(stage.labelNames(after).toSorted(), [second, third].toSorted());
  });

  writes("succeeds in removing a missing label and adding a present one", async (stage) => {
    const [first = "", second = ""] = stage.schema.vocabulary.labels.map(({ name }) => name).slice(-2);
    const issue = await withLabels(stage, [first]);
    const steps = await stage.write.plan(stage.source, issue, {
      addLabels: [stage.labelRef(second)],
      removeLabels: [stage.labelRef(first)],
    });
    stage.emulator.world.edit(issue.nativeId, { labels: [second] });
    await stage.perform(issue, steps);
    assert.deepEqual(stage.labelNames(await stage.read(issue)), [second]);
  });

  if (writing.newLabels) {
    writes("creates a label on its first use", async (stage) => {
      const issue = await withLabels(stage, []);
      const name = stage.writing.labelName?.("Never used before") ?? "Never used before";
      const after = await stage.apply(issue, { addLabels: [{ id: newLabelId(name), name }] });
      assert.deepEqual(stage.labelNames(after), [name]);
      // The issue is as wanted now, by the label's name.
      const edit = { addLabels: [{ id: newLabelId(name), name }] };
      assert.deepEqual(await stage.write.plan(stage.source, after, edit), []);
      const { vocabulary } = await stage.connection.describe(stage.source, {});
      assert.ok(vocabulary.labels.some((label) => label.name === name));
      // By an edit of another issue that does not know the label yet.
      const other = await stage.read(stage.issues.find(({ nativeId }) => nativeId !== issue.nativeId) ?? issue);
      const again = await stage.apply(other, { addLabels: [{ id: newLabelId(name), name }] });
      assert.ok(stage.labelNames(again).includes(name));
    });

    writes("creates a label that several issues use first at the same time, once", async (stage) => {
      const name = stage.writing.labelName?.("Used by all at once") ?? "Used by all at once";
      const issues = [];
      for (let left = 5; left > 0; left -= 1) issues.push(await withLabels(stage, []));
      const after = await Promise.all(
        issues.map((issue) => stage.apply(issue, { addLabels: [{ id: newLabelId(name), name }] })),
      );
      for (const issue of after) assert.deepEqual(stage.labelNames(issue), [name]);
      const { vocabulary } = await stage.connection.describe(stage.source, {});
      assert.equal(vocabulary.labels.filter((label) => label.name === name).length, 1);
    });
  }

  writes("assigns and unassigns, and keeps what others did meanwhile", async (stage) => {
    const people = stage.schema.vocabulary.people.slice(0, 3);
    const [first, second, third] = people;
    assert.ok(first && second && third);
    const world = stage.emulator.world.create(stage.source.key, { title: "To be assigned", assignees: [first.login] });
    const issue = await stage.read(world);
    assert.deepEqual(issue.assigneeIds, [first.id]);
    const steps = await stage.write.plan(stage.source, issue, {
      addAssignees: [second.id],
      removeAssignees: [first.id],
    });
    if (writing.assignees === "many") {
      stage.emulator.world.edit(issue.nativeId, { assignees: [first.login, third.login, second.login] });
    }
    await stage.perform(issue, steps);
    const after = await stage.read(issue);
    const expected = writing.assignees === "many" ? [second.id, third.id] : [second.id];
    assert.deepEqual(
      after.assigneeIds.toSorted(),
      expected.toSorted(),
      "who was assigned by others between `plan` and `perform` stays: where the list is sent whole, `perform` looks first",
    );
    const nobody = await stage.apply(after, { removeAssignees: after.assigneeIds });
    assert.deepEqual(nobody.assigneeIds, []);
  });
}

/** A new issue with these labels, as read from the tracker. */
async function withLabels(stage: WriterStage, labels: readonly string[]): Promise<NativeIssue> {
  const { nativeId, key } = stage.emulator.world.create(stage.source.key, { title: "To be labelled", labels });
  const issue = await stage.read({ nativeId, key });
  assert.deepEqual(stage.labelNames(issue).toSorted(), labels.toSorted());
  return issue;
}
