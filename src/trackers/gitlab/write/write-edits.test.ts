import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hasCode } from "../../conformance/assert-code.ts";
import { createMirror } from "../../conformance/mirror.ts";
import type { NativeEdit, WriteAnswer } from "../../tracker.ts";
import { gitlabSubject, selfManagedSubject } from "../subject.ts";
import { setWriteStage } from "./write-stage.ts";

/** The documented parameters that are used: https://docs.gitlab.com/api/issues/ */
const documented = new Set(
  `title description labels add_labels remove_labels assignee_ids milestone_id due_date weight issue_type state_event`.split(
    " ",
  ),
);

describe("an edit", () => {
  it("is one request for everything REST can change, which returns the whole issue", async (t) => {
    const { make, apply, count, labelOf, schema, read, emulator, source, connection } = await setWriteStage(t);
    const [one, two] = schema.vocabulary.people;
    const milestone = schema.vocabulary.cycles.findLast(({ id }) => id.startsWith("milestone:"));
    const [login] = emulator.world.issues().flatMap(({ assignees }) => assignees);
    const issue = await make({
      title: "Before",
      labels: ["workflow::in progress", "customer"],
      assignees: [login ?? ""],
    });
    const edit: NativeEdit = {
      title: "After",
      body: "Text",
      stateId: "closed",
      addLabels: [labelOf("canceled")],
      removeLabels: [labelOf("workflow::in progress")],
      addAssignees: [one?.id ?? "", two?.id ?? ""].filter((id) => !issue.assigneeIds.includes(id)),
      cycleId: milestone?.id ?? null,
      dueDate: "2027-02-28",
      estimate: 8,
      type: "incident",
    };
    emulator.requests.clear();
    let answers: readonly WriteAnswer[] = [];
    // The complete list of assignees is sent, so it is read just before.
    assert.equal(await count(async () => (answers = await apply(issue, edit))), 2);
    const [look, request] = emulator.requests.list();
    assert.deepEqual([look?.method, request?.method], ["GET", "PUT"]);
    assert.ok(request);
    const sent = Object.keys(JSON.parse(request.body) as object);
    assert.ok(sent.length >= 10 && sent.every((name) => documented.has(name)), sent.join());
    assert.deepEqual(answers[0]?.issue, await read(issue));
    // The next poll finds no changes.
    const mirror = createMirror();
    await mirror.pull(connection, source);
    assert.deepEqual(mirror.issues.get(issue.nativeId), answers[0]?.issue);
  });

  it("is read again if a label is new, because no response contains its id", async (t) => {
    const { make, apply, read, write, source } = await setWriteStage(t);
    const issue = await make({ title: "To be labelled" });
    const label = { id: "name:brand new", name: "brand new" };
    assert.deepEqual(await apply(issue, { addLabels: [label] }), [null]);
    const after = await read(issue);
    assert.match(after.labelIds[0] ?? "", /^\d+$/);
    assert.deepEqual(await write.plan(source, after, { addLabels: [label] }), []);
    await assert.rejects(
      write.plan(source, after, { addLabels: [{ id: "name:a,b", name: "a,b" }] }),
      hasCode("invalid_input", ({ field }) => field === "labels"),
    );
  });

  it("keeps the issue's other values: parent, relations, iteration", async (t) => {
    const { connection, source, apply, read } = await setWriteStage(t, gitlabSubject, { issues: 200 });
    const mirror = createMirror();
    await mirror.pull(connection, source);
    const issues = [...mirror.issues.values()];
    const rich = [
      issues.find(({ parentId }) => parentId !== null),
      issues.find(({ relations }) => (relations?.length ?? 0) > 0),
      issues.find(({ cycleId }) => cycleId?.startsWith("iteration:")),
    ];
    for (const issue of rich) {
      assert.ok(issue);
      const [answer] = await apply(issue, { title: `${issue.title} again` });
      const { title, updatedAt } = answer?.issue ?? issue;
      assert.deepEqual(answer?.issue, { ...issue, title, updatedAt });
      assert.deepEqual(await read(issue), answer?.issue);
    }
  });

  it("moves between milestone, iteration and none in one request", async (t) => {
    const { make, apply, read, schema, count } = await setWriteStage(t);
    const { cycles } = schema.vocabulary;
    const milestone = cycles.find(({ id }) => id.startsWith("milestone:"))?.id ?? "";
    const iteration = cycles.find(({ id }) => id.startsWith("iteration:"))?.id ?? "";
    let issue = await make({ title: "In time" });
    for (const cycleId of [milestone, iteration, milestone, iteration, null, iteration, null, milestone, null]) {
      let answers: readonly WriteAnswer[] = [];
      assert.equal(await count(async () => (answers = await apply(issue, { cycleId }))), 1, String(cycleId));
      issue = await read(issue);
      assert.equal(issue.cycleId, cycleId);
      assert.deepEqual(answers[0]?.issue, issue);
    }
  });

  it("limits assignees to one if the plan does, and refuses more without a request", async (t) => {
    const { make, apply, schema, count, write, source } = await setWriteStage(t, gitlabSubject, { project: 1 });
    const [one, two] = schema.vocabulary.people.map(({ id }) => id);
    assert.ok(one && two);
    assert.ok(schema.types.every(({ has }) => has?.includes("estimate") === false));
    const [first] = await apply(await make({ title: "To be assigned" }), { addAssignees: [one] });
    assert.deepEqual(first?.issue.assigneeIds, [one]);
    assert.ok(first);
    const sent = await count(() =>
      assert.rejects(write.plan(source, first.issue, { addAssignees: [two] }), hasCode("unsupported")),
    );
    assert.equal(sent, 0);
    const [swapped] = await apply(first.issue, { addAssignees: [two], removeAssignees: [one] });
    assert.deepEqual(swapped?.issue.assigneeIds, [two]);
    const [nobody] = await apply(swapped?.issue ?? first.issue, { removeAssignees: [two] });
    assert.deepEqual(nobody?.issue.assigneeIds, []);
    // Several are left from a better plan: taking one away is no reason to refuse.
    const logins = schema.vocabulary.people.slice(0, 3).map(({ login }) => login);
    const crowded = await make({ title: "Assigned to three", assignees: logins });
    const [fewer] = await apply(crowded, { removeAssignees: [one] });
    assert.ok(fewer && !fewer.issue.assigneeIds.includes(one));
  });

  it("does not replace a single assignee whom someone else set meanwhile", async (t) => {
    const stage = await setWriteStage(t, gitlabSubject, { project: 1 });
    const { make, schema, write, source, emulator, read } = stage;
    const [one, two] = schema.vocabulary.people;
    assert.ok(one && two);
    const issue = await make({ title: "To be assigned" });
    const [step = assert.fail()] = await write.plan(source, issue, { addAssignees: [one.id] });
    emulator.world.edit(issue.nativeId, { assignees: [two.login] });
    emulator.requests.clear();
    const refusal = hasCode("unsupported", ({ notSent, field }) => notSent && field === "assignees");
    await assert.rejects(write.perform(source, issue, step), refusal);
    assert.deepEqual(
      emulator.requests.list().map(({ method }) => method),
      ["GET"],
    );
    assert.deepEqual((await read(issue)).assigneeIds, [two.id]);
  });

  it("knows that the Community Edition allows one assignee, although the server does not tell", async (t) => {
    const { make, apply, schema, write, source } = await setWriteStage(t, selfManagedSubject, {
      variant: "self-managed-free",
    });
    assert.equal(schema.oneAssignee, "Several assignees need a paid GitLab plan.");
    const [one, two] = schema.vocabulary.people.map(({ id }) => id);
    assert.ok(one && two);
    const [assigned] = await apply(await make({ title: "To be assigned" }), { addAssignees: [one] });
    assert.deepEqual(assigned?.issue.assigneeIds, [one]);
    await assert.rejects(
      write.plan(source, assigned?.issue ?? assert.fail(), { addAssignees: [two] }),
      hasCode("unsupported"),
    );
  });

  it("refuses what GitLab would silently ignore: invalid dates, weights, cycles, people", async (t) => {
    const { make, write, source } = await setWriteStage(t);
    const issue = await make({ title: "Odd" });
    const edits: [NativeEdit, string][] = [
      [{ dueDate: "2027-02-30" }, "dueDate"],
      [{ dueDate: "tomorrow" }, "dueDate"],
      [{ estimate: 2.5 }, "estimate"],
      [{ estimate: -1 }, "estimate"],
      [{ cycleId: "sprint:1" }, "cycle"],
      [{ addAssignees: ["someone"] }, "assignees"],
      [{ stateId: "half" }, "status"],
      [{ type: "epic" }, "type"],
    ];
    for (const [edit, field] of edits) {
      const refused = hasCode("invalid_input", (error) => error.field === field);
      await assert.rejects(write.plan(source, issue, edit), refused, JSON.stringify(edit));
    }
    await assert.rejects(write.plan(source, issue, { nativePriority: "1" }), hasCode("unsupported"));
    await assert.rejects(write.plan(source, issue, { fields: { severity: "low" } }), hasCode("unsupported"));
  });

  it("reports GitLab's message and the field", async (t) => {
    const { make, apply } = await setWriteStage(t);
    const issue = await make({ title: "Refused" });
    await assert.rejects(
      apply(issue, { title: "a".repeat(256) }),
      hasCode("invalid_input", ({ message, field }) => /title is too long/.test(message) && field === "title"),
    );
  });
});
