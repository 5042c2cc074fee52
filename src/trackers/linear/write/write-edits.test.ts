import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ErrorCode } from "../../../domain/error.ts";
import { newLabelId } from "../../../domain/operation.ts";
import { hasCode } from "../../conformance/assert-code.ts";
import type { NativeEdit } from "../../tracker.ts";
import { setWriteStage, toAddress } from "./write-stage.ts";

describe("edits of a Linear issue", () => {
  it("are one request each, which returns the resulting issue", async (t) => {
    const stage = await setWriteStage(t);
    const { vocabulary } = await stage.connection.describe(stage.source, {});
    const [parent, issue] = [await stage.issue(0), await stage.issue(1)];
    const other = <T extends { readonly id: string }>(all: readonly T[], present: string | null | undefined) =>
      all.find(({ id }) => id !== present)?.id ?? "";
    const rows: NativeEdit[] = [
      { title: "Ein neuer Titel: 標題 🚀 <b>\"'&" },
      { body: "Some text\n\n* a list" },
      { stateId: other(vocabulary.states, issue.stateId) },
      { nativePriority: "1" },
      { cycleId: other(vocabulary.cycles, issue.cycleId) },
      { dueDate: "2027-01-02" },
      { estimate: 8 },
      { parent: toAddress(parent, stage.source) },
      { addAssignees: [other(vocabulary.people, issue.assigneeIds[0])] },
    ];
    const taken: NativeEdit[] = [
      { nativePriority: null },
      { cycleId: null },
      { dueDate: null },
      { estimate: null },
      { parent: null },
      { body: "" },
    ];
    for (const edit of [...rows, ...taken]) {
      const before = await stage.read(issue.nativeId);
      stage.sent();
      const answer = await stage.edit(before, edit);
      assert.deepEqual(stage.sent(), ["UpdateIssue"], JSON.stringify(edit));
      const after = await stage.read(issue.nativeId);
      assert.deepEqual(answer?.issue, after);
      assert.deepEqual(await stage.write.plan(stage.source, after, edit), [], `${JSON.stringify(edit)} is settled`);
      assert.notDeepEqual(after, before);
    }
  });

  it("are combined into one request that contains nothing else", async (t) => {
    const stage = await setWriteStage(t);
    const { vocabulary } = await stage.connection.describe(stage.source, {});
    const issue = await stage.issue();
    const label = vocabulary.labels.find(({ id }) => !issue.labelIds.includes(id));
    const state = vocabulary.states.find(({ category }) => category === "completed");
    assert.ok(label && state);
    const edit: NativeEdit = { title: "Both", stateId: state.id, estimate: 34, addLabels: [label] };
    const steps = await stage.write.plan(stage.source, issue, edit);
    assert.deepEqual(
      steps.map(({ name, stateAfter }) => [name, stateAfter]),
      [["set title, state, estimate, labels", state.id]],
    );
    assert.deepEqual(JSON.parse(JSON.stringify(steps)), steps, "steps are kept as JSON");
    await stage.edit(issue, edit);
    const after = await stage.read(issue.nativeId);
    const { title, stateId, estimate, labelIds } = after;
    assert.deepEqual([title, stateId, estimate], ["Both", state.id, 34]);
    assert.deepEqual([...labelIds].sort(), [...issue.labelIds, label.id].sort());
    const untouched = (one: typeof issue) => ({
      ...one,
      title,
      stateId,
      estimate,
      labelIds,
      updatedAt: 0,
      closedAt: null,
      url: "",
    });
    assert.deepEqual(untouched(after), untouched(issue));
  });

  it("send nothing if the issue is already as wanted", async (t) => {
    const stage = await setWriteStage(t);
    const issue = await stage.issue();
    const { title, body, stateId, nativePriority, cycleId, dueDate, estimate, assigneeIds } = issue;
    const edit: NativeEdit = {
      title,
      body,
      stateId,
      nativePriority,
      cycleId,
      dueDate,
      estimate,
      type: "issue",
      addAssignees: assigneeIds,
      addLabels: issue.labelIds.map((id) => ({ id, name: id })),
    };
    assert.deepEqual(await stage.write.plan(stage.source, issue, edit), []);
    assert.deepEqual(await stage.write.plan(stage.source, issue, {}), []);
    assert.deepEqual(await stage.write.plan(stage.source, issue, { title: ` ${title}  ` }), [], "Linear trims titles");
    const [step] = await stage.write.plan(stage.source, issue, { title: "Another", stateId });
    assert.equal(step?.stateAfter, undefined, "it goes through no state");
  });

  it("recognize a text too long to compare by Linear's response, and after a lost one by its words", async (t) => {
    const stage = await setWriteStage(t);
    const issue = await stage.issue();
    const body = Array.from({ length: 7_000 }, (_, index) => `- item ${index}`).join("\n");
    const answer = await stage.edit(issue, { body });
    assert.ok(answer && answer.issue.body !== body);
    assert.deepEqual(await stage.write.plan(stage.source, answer.issue, { body }), []);
    const other = (await setWriteStage(t)).write;
    const found = answer.issue.body;
    assert.equal((await other.plan(stage.source, answer.issue, { body })).length, 1, "another process was not told");
    assert.equal(await other.sameText?.(body, found), true);
    assert.equal(await other.sameText?.(body, `${found} and more`), false);
  });

  it("recognize a body that Linear rewrites, without another read", async (t) => {
    const stage = await setWriteStage(t);
    const issue = await stage.issue();
    const body = "_So_ it is:\n\n- one\n- [two](https://a.example/b)\n\n\n\n1. a\n7. b";
    const answer = await stage.edit(issue, { body });
    assert.notEqual(answer?.issue.body, body);
    assert.ok(answer);
    assert.deepEqual(await stage.write.plan(stage.source, answer.issue, { body }), []);
    assert.equal(await stage.write.sameText?.(body, answer.issue.body), true);
    // A difference in formatting is a change.
    const steps = await stage.write.plan(stage.source, answer.issue, { body: body.replace("_So_", "**So**") });
    assert.equal(steps.length, 1);
  });

  it("replace the assignee, and remove one", async (t) => {
    const stage = await setWriteStage(t);
    const { vocabulary } = await stage.connection.describe(stage.source, {});
    const [one, two] = vocabulary.people.map(({ id }) => id);
    assert.ok(one && two);
    const issue = await stage.issue();
    await stage.edit(issue, { addAssignees: [one] });
    let now = await stage.read(issue.nativeId);
    assert.deepEqual(now.assigneeIds, [one]);
    await stage.edit(now, { addAssignees: [two], removeAssignees: [one] });
    now = await stage.read(issue.nativeId);
    assert.deepEqual(now.assigneeIds, [two]);
    assert.deepEqual(await stage.write.plan(stage.source, now, { removeAssignees: [one] }), []);
    await stage.edit(now, { removeAssignees: [two] });
    now = await stage.read(issue.nativeId);
    assert.deepEqual(now.assigneeIds, []);
    await assert.rejects(stage.write.plan(stage.source, now, { addAssignees: [one, two] }), hasCode("invalid_input"));
  });

  it("accept a megabyte, and text that looks like something else", async (t) => {
    const stage = await setWriteStage(t);
    const issue = await stage.issue();
    const bodies = [
      "x".repeat(1_000_000),
      'mutation { issueDelete(id: "x") } \u2028 \u0000 ${title} </script> \\u0041 \\\\ \ud83d\ude00',
      "**bold _and** italic_ <!-- hidden --> [x]: https://a.example",
    ];
    for (const body of bodies) {
      const answer = await stage.edit(await stage.read(issue.nativeId), { body });
      assert.ok(answer);
      assert.equal(await stage.write.sameText?.(body, answer.issue.body), true);
      assert.equal(stage.emulator.world.issues(stage.source.key)[0]?.body, answer.issue.body);
    }
  });

  it("are refused with Linear's message", async (t) => {
    const stage = await setWriteStage(t);
    const issue = await stage.issue();
    const other = stage.emulator.sources[1];
    assert.ok(other);
    const foreign = await stage.connection.describe({ key: other.key, historyMs: null, nativeId: other.id }, {});
    const rows: [NativeEdit, ErrorCode, RegExp][] = [
      [{ title: "x".repeat(256) }, "invalid_input", /title must be shorter than or equal to 255 characters/],
      [{ title: "  " }, "invalid_input", /title must be longer/],
      [
        { stateId: foreign.vocabulary.states[0]?.id ?? "" },
        "invalid_input",
        /Discrepancy between issue team and state/,
      ],
      [{ addAssignees: ["2f4f7c1e-0000-4000-8000-000000000000"] }, "not_found", /Could not find referenced User/],
      [{ dueDate: "tomorrow" }, "invalid_input", /tomorrow/],
    ];
    for (const [edit, code, words] of rows) {
      await assert.rejects(
        stage.edit(issue, edit),
        hasCode(code, (error) => words.test(error.message)),
      );
    }
    const unsent: [NativeEdit, ErrorCode][] = [
      [{ estimate: 1.5 }, "invalid_input"],
      [{ nativePriority: "5" }, "invalid_input"],
      [{ type: "epic" }, "unsupported"],
      [{ transition: "4" }, "unsupported"],
      [{ fields: { severity: 1 } }, "unsupported"],
    ];
    stage.sent();
    for (const [edit, code] of unsent) {
      await assert.rejects(
        stage.edit(issue, edit),
        hasCode(code, (error) => (error.hint ?? "") !== ""),
      );
    }
    assert.deepEqual(stage.sent(), []);
    assert.deepEqual(await stage.read(issue.nativeId), issue);
  });

  it("report what may have been carried out, and never send it again", async (t) => {
    const stage = await setWriteStage(t);
    const issue = await stage.issue();
    const attempt = (title: string) => stage.edit(issue, { title });
    const rows = [
      ["lost-answer", "unreachable", true],
      ["error-after", "unreachable", true],
      ["drop", "unreachable", false],
      ["server-error", "unreachable", false],
    ] as const;
    for (const [kind, code, carriedOut] of rows) {
      stage.emulator.faults.add({ kind, body: "mutation UpdateIssue" });
      const before = stage.monitor.requests();
      await assert.rejects(attempt(kind), hasCode(code));
      assert.equal(stage.monitor.requests(), before + 1, kind);
      assert.equal((await stage.read(issue.nativeId)).title === kind, carriedOut, kind);
    }
    stage.emulator.faults.add({ kind: "rate-limit", value: 600, body: "mutation UpdateIssue" });
    await assert.rejects(attempt("limited"), hasCode("rate_limited"));
    assert.notEqual(stage.emulator.world.issues(stage.source.key)[0]?.title, "limited");
  });

  it("of a deleted issue are refused", async (t) => {
    const stage = await setWriteStage(t);
    const issue = await stage.issue();
    stage.emulator.world.delete(issue.nativeId);
    await assert.rejects(stage.edit(issue, { title: "Too late" }), hasCode("not_found"));
  });
});

describe("labels of a Linear issue", () => {
  it("are added and removed by id, so that concurrent changes of others survive", async (t) => {
    const stage = await setWriteStage(t);
    const { vocabulary } = await stage.connection.describe(stage.source, {});
    const issue = await stage.issue();
    const [gone] = issue.labelIds;
    const added = vocabulary.labels.find(({ id }) => !issue.labelIds.includes(id));
    assert.ok(gone && added);
    const steps = await stage.write.plan(stage.source, issue, {
      addLabels: [added],
      removeLabels: [{ id: gone, name: "" }],
    });
    const world = stage.emulator.world.issues(stage.source.key)[0];
    assert.ok(world);
    stage.emulator.world.edit(issue.nativeId, { labels: [...world.labels, "somebody's"] });
    stage.sent();
    for (const step of steps) await stage.write.perform(stage.source, issue, step);
    assert.deepEqual(stage.sent(), ["UpdateIssue"]);
    const labels = stage.emulator.world.issues(stage.source.key)[0]?.labels ?? [];
    assert.ok(labels.includes("somebody's") && labels.includes(added.name));
    assert.equal(labels.length, world.labels.length + 1);
  });

  it("are created on first use, once, in the team", async (t) => {
    const stage = await setWriteStage(t);
    const label = { id: newLabelId("in review"), name: "in review" };
    const [one, two] = [await stage.issue(0), await stage.issue(1)];
    stage.sent();
    const answer = await stage.edit(one, { addLabels: [label] });
    assert.deepEqual(stage.sent(), ["LabelsByName", "CreateLabel", "UpdateIssue"]);
    assert.deepEqual(
      answer?.seen.labels?.map(({ name }) => name),
      ["in review"],
    );
    assert.ok(answer);
    assert.deepEqual(await stage.write.plan(stage.source, answer.issue, { addLabels: [label] }), []);
    await stage.edit(two, { addLabels: [{ ...label, id: newLabelId("In Review") }] });
    assert.deepEqual(stage.sent(), ["LabelsByName", "UpdateIssue"]);
    const { vocabulary } = await stage.connection.describe(stage.source, {});
    assert.equal(vocabulary.labels.filter(({ name }) => name.toLowerCase() === "in review").length, 1);
    const other = stage.emulator.sources[1];
    assert.ok(other);
    const elsewhere = await stage.connection.describe({ key: other.key, historyMs: null, nativeId: other.id }, {});
    assert.ok(!elsewhere.vocabulary.labels.some(({ name }) => name === "in review"));
    // Removed again by the name it was created with.
    await stage.edit(await stage.read(one.nativeId), { removeLabels: [label] });
    assert.ok(!stage.emulator.world.issues(stage.source.key)[0]?.labels.includes("in review"));
  });

  it("of one group replace each other, together with removals, and keep concurrent changes of others", async (t) => {
    const stage = await setWriteStage(t);
    const { labels } = await stage.makeLabelGroup("Size", ["Small", "Large"]);
    const [small, large] = labels;
    assert.ok(small && large);
    const issue = await stage.issue();
    const [gone] = issue.labelIds;
    assert.ok(gone);
    await stage.edit(issue, { addLabels: [small] });
    const read = await stage.read(issue.nativeId);
    const world = () =>
      stage.emulator.world.issues(stage.source.key).find(({ nativeId }) => nativeId === issue.nativeId);
    stage.emulator.world.edit(issue.nativeId, { labels: [...(world()?.labels ?? []), "somebody's"] });
    const before = world()?.labels ?? [];
    await stage.edit(read, { addLabels: [large], removeLabels: [{ id: gone, name: "" }] });
    const now = world()?.labels ?? [];
    assert.ok(now.includes("somebody's") && now.includes("Large") && !now.includes("Small"), now.join(", "));
    assert.equal(now.length, before.length - 1, "the one that was to go is gone too");
  });

  it("of one group replace each other", async (t) => {
    const stage = await setWriteStage(t);
    const group = await stage.makeLabelGroup("Size", ["Small", "Large"]);
    const [small, large] = group.labels;
    assert.ok(small && large);
    const { vocabulary } = await stage.connection.describe(stage.source, {});
    assert.ok(!vocabulary.labels.some(({ id }) => id === group.id), "a group is no label");
    const issue = await stage.issue();
    await stage.edit(issue, { addLabels: [small] });
    const with1 = await stage.read(issue.nativeId);
    stage.sent();
    await stage.edit(with1, { addLabels: [large], title: "And more" });
    assert.deepEqual(stage.sent(), ["UpdateIssue", "LabelGroups", "UpdateIssue"]);
    const after = await stage.read(issue.nativeId);
    assert.deepEqual([...after.labelIds].sort(), [...issue.labelIds, large.id].sort());
    assert.equal(after.title, "And more");
    const other = await stage.issue(1);
    stage.sent();
    await assert.rejects(
      stage.edit(other, { addLabels: [small, large] }),
      hasCode("invalid_input", (error) => /same group/.test(error.message) && (error.hint ?? "") !== ""),
    );
    assert.deepEqual(stage.sent(), ["UpdateIssue", "LabelGroups"], "which of the two is meant is not asked of Linear");
    await assert.rejects(
      stage.edit(after, { addLabels: [{ id: newLabelId("size"), name: "size" }] }),
      hasCode("invalid_input", /group/),
    );
  });
});
