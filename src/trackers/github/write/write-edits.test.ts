import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { blankDraft } from "../../../../test/support/blank-draft.ts";
import { hasCode } from "../../conformance/assert-code.ts";
import { newMark } from "../../conformance/operation-mark.ts";
import type { NativeEdit } from "../../tracker.ts";
import { setWriteStage, requestsOf } from "./write-stage.ts";

describe("an edit", () => {
  it("sends everything that one call can change as one request", async (t) => {
    const { connection, source, make, apply, read } = await setWriteStage(t);
    const { vocabulary } = await connection.describe(source, {});
    const issue = await make();
    const edit: NativeEdit = {
      title: "Another title",
      body: "Another text",
      stateId: "closed:not_planned",
      cycleId: vocabulary.cycles[0]?.id ?? null,
      type: "Bug",
    };
    assert.deepEqual(await apply(issue, edit), [`PATCH /issues/${issue.key.slice(1)}`]);
    const after = await read(issue);
    assert.deepEqual([after.title, after.body, after.stateId], ["Another title", "Another text", "closed:not_planned"]);
    assert.deepEqual([after.type, after.cycleId], ["Bug", edit.cycleId]);
    assert.equal((await read(issue)).type, "Bug");
    await apply(after, { type: "issue" });
    assert.equal((await read(issue)).type, "issue");
  });

  it("adds before it removes", async (t) => {
    const { source, write, make, connection } = await setWriteStage(t);
    const { vocabulary } = await connection.describe(source, {});
    const [first, second] = vocabulary.people;
    const label = (name: string) => vocabulary.labels.find((one) => one.name === name) ?? assert.fail(name);
    assert.ok(first && second);
    const issue = await make({ labels: ["in progress"], assignees: [first.login] });
    const steps = await write.plan(source, issue, {
      stateId: "closed:completed",
      addLabels: [label("bug")],
      removeLabels: [label("in progress")],
      addAssignees: [second.id],
      removeAssignees: [first.id],
    });
    assert.deepEqual(
      steps.map(({ name }) => name),
      ["add labels", "assign", "close", "remove label", "unassign"],
    );
  });

  it("reopens and closes again to change the reason, in two steps", async (t) => {
    const { source, write, make, apply, read } = await setWriteStage(t);
    const issue = await make({ state: "closed:completed" });
    const steps = await write.plan(source, issue, { stateId: "closed:not_planned", title: "Not any more" });
    assert.deepEqual(
      steps.map(({ name, stateAfter }) => [name, stateAfter]),
      [
        ["reopen", "open"],
        ["close", "closed:not_planned"],
      ],
    );
    assert.equal((await apply(issue, { stateId: "closed:not_planned", title: "Not any more" })).length, 2);
    const after = await read(issue);
    assert.deepEqual([after.stateId, after.title], ["closed:not_planned", "Not any more"]);
  });

  it("moves between label columns in one request, plus the removal of the old label", async (t) => {
    const { connection, source, make, apply } = await setWriteStage(t);
    const { vocabulary } = await connection.describe(source, {});
    const label = (name: string) => vocabulary.labels.find((one) => one.name === name) ?? assert.fail(name);
    const issue = await make({ labels: ["planning"] });
    const number = issue.key.slice(1);
    const edit = { stateId: "open", addLabels: [label("in progress")], removeLabels: [label("planning")] };
    assert.deepEqual(await apply(issue, edit), [
      `POST /issues/${number}/labels`,
      `DELETE /issues/${number}/labels/planning`,
    ]);
  });

  it("gives the slots of removed assignees to new ones, and reports too many assignees", async (t) => {
    const { connection, source, emulator, make, write, read, apply } = await setWriteStage(t);
    const { vocabulary } = await connection.describe(source, {});
    const people = vocabulary.people.slice(0, 11);
    assert.equal(people.length, 11);
    const ten = people.slice(0, 10);
    const issue = await make({ assignees: ten.map(({ login }) => login) });
    const [first, last] = [people[0]?.id ?? "", people[10]?.id ?? ""];
    await apply(issue, { addAssignees: [last], removeAssignees: [first] });
    const after = await read(issue);
    assert.equal(after.assigneeIds.length, 10);
    assert.ok(after.assigneeIds.includes(last) && !after.assigneeIds.includes(first));
    emulator.requests.clear();
    await assert.rejects(
      write.plan(source, after, { addAssignees: [first] }),
      hasCode("invalid_input", /10 assignees/),
    );
    assert.equal(emulator.requests.count(), 0);
  });

  it("reports what issues on GitHub do not have", async (t) => {
    const { source, make, write } = await setWriteStage(t);
    const issue = await make();
    for (const edit of [{ dueDate: "2031-01-01" }, { estimate: 3 }, { nativePriority: "1" }, { fields: { x: 1 } }]) {
      await assert.rejects(write.plan(source, issue, edit), hasCode("unsupported"));
    }
  });

  it("looks up unknown names once, and marks a failed lookup as not sent", async (t) => {
    const { connection, source, emulator, make, open, read } = await setWriteStage(t);
    const { vocabulary } = await connection.describe(source, {});
    const issue = await make();
    const fresh = open().connection;
    assert.ok(fresh.write);
    const [person] = vocabulary.people;
    const cycle = vocabulary.cycles.at(-1);
    assert.ok(person && cycle);
    const [assign, patch] = await fresh.write.plan(source, issue, { addAssignees: [person.id], cycleId: cycle.id });
    assert.ok(assign && patch);
    emulator.faults.add({ kind: "server-error", value: 503, path: "/assignees", times: 3 });
    await assert.rejects(
      fresh.write.perform(source, issue, assign),
      hasCode("unreachable", ({ notSent }) => notSent),
    );
    emulator.requests.clear();
    await fresh.write.perform(source, issue, assign);
    await fresh.write.perform(source, issue, patch);
    const number = issue.key.slice(1);
    assert.deepEqual(requestsOf({ emulator }), [
      "GET /assignees",
      `POST /issues/${number}/assignees`,
      "GET /milestones",
      `PATCH /issues/${number}`,
    ]);
    const after = await read(issue);
    assert.deepEqual([after.assigneeIds, after.cycleId], [[person.id], cycle.id]);
    const [again] = await fresh.write.plan(source, await read(issue), { removeAssignees: [person.id] });
    assert.ok(again);
    emulator.requests.clear();
    await fresh.write.perform(source, issue, again);
    assert.equal(emulator.requests.count(), 1);
  });

  it("is refused with GitHub's message and the field", async (t) => {
    const { make, apply } = await setWriteStage(t);
    const issue = await make();
    await assert.rejects(
      apply(issue, { title: "x".repeat(257) }),
      hasCode("invalid_input", ({ message }) => message.includes("title is too long (maximum is 256 characters)")),
    );
    await assert.rejects(
      apply(issue, { type: "Epic" }),
      hasCode("invalid_input", ({ message }) => message.includes('type "Epic" invalid')),
    );
  });
});

describe("an issue that moved", () => {
  it("is not changed in the repository it was transferred to", async (t) => {
    const { emulator, source, make, write } = await setWriteStage(t, { sources: 2 });
    const issue = await make();
    const [step] = await write.plan(source, issue, { title: "Too late" });
    assert.ok(step);
    emulator.world.move?.(issue.nativeId, emulator.sources[1]?.key ?? "");
    await assert.rejects(write.perform(source, issue, step), hasCode("gone"));
  });

  it("is changed in its renamed repository, whose new address is used from then on", async (t) => {
    const { emulator, source, make, apply, read, write } = await setWriteStage(t);
    const issue = await make();
    emulator.world.renameSource?.(source.key, "harborline/renamed");
    await apply(issue, { title: "By the old name" });
    assert.equal((await read(issue)).title, "By the old name");
    emulator.requests.clear();
    await write.create(source, blankDraft, newMark());
    assert.deepEqual(
      emulator.requests.list().map(({ status }) => status),
      [201],
    );
  });
});
