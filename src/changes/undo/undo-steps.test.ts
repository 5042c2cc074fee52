import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { NativeIssue } from "../../domain/issue.ts";
import type { IssuePatch } from "../changes.ts";
import { type ChangesStage, openChangesStage, you } from "../../../test/support/changes-stage.ts";

const no = { code: "forbidden", message: "No.", hint: null } as const;

// One undo reverts one step of the user, however many of them the outbox has folded into one operation, and whatever its outcome.
describe("each undo reverts one step", () => {
  let stage: ChangesStage;
  beforeEach(async () => {
    stage = await openChangesStage();
  });
  afterEach(() => stage.close());

  const edit = async (ref: string, patch: IssuePatch, by = you) => stage.changes.edit(await stage.id(ref), patch, by);
  const undo = () => stage.changes.undo(you);
  const nothing = { code: "not_found", message: "There is nothing to undo." };
  const issue = async (ref: string) => stage.store.outbox.issue(await stage.id(ref));
  const title = async () => (await issue("app#1")).shown.title;
  /** The operations of an issue that wait for the user: `refused title B`. */
  const waits = async (ref: string) =>
    (await stage.store.outbox.listOf(await stage.id(ref)))
      .filter(({ settledAt }) => settledAt === null)
      .map(({ state, fields, payload }) => {
        const wants = fields.map((change) =>
          "to" in change
            ? `${change.field} ${String(change.to)}`
            : `${change.field} +${change.add.join(",")} -${change.remove.join(",")}`,
        );
        return [state, ...wants, ...(payload.comment === undefined ? [] : [payload.comment.body])].join(" ");
      });
  const settle = async (ref: string, end: "refused" | "conflict" | "written") => {
    const { id, fields } = await stage.operation(ref);
    const { shown, base, requestedAt } = await issue(ref);
    if (end === "written") {
      const answer = { issue: shown, seen: {}, requestedAt: Math.max(Date.now(), requestedAt) };
      return stage.store.outbox.sending.settle(id, { state: "written", answer });
    }
    const conflicts = fields.map(({ field }) => ({ field, theirs: String(base.title) }));
    return stage.store.outbox.sending.settle(id, { state: end, reason: no, ...(end === "conflict" && { conflicts }) });
  };
  /** Makes another person's change in the tracker. */
  const change = async (ref: string, part: Partial<NativeIssue>) => {
    const { base, sourceId } = await issue(ref);
    const page = { changes: [{ ...base, ...part }], removed: [], rejected: [], seen: {}, sync: {} };
    await stage.store.mirror.applyPage(sourceId, { ...page, requestedAt: Date.now() + 1000 });
  };

  it("of a refused change: the value before it waits instead, or nothing if there was none", async () => {
    await edit("app#1", { title: "A" });
    await edit("app#1", { title: "B" });
    await settle("app#1", "refused");
    await undo();
    assert.deepEqual([await waits("app#1"), await title()], [["refused title A"], "Issue 1"]);
    await undo();
    assert.deepEqual([await waits("app#1"), await title()], [[], "Issue 1"]);
    await assert.rejects(undo(), nothing);
  });

  it("of a conflict: the other person's value stays, whatever is chosen", async () => {
    await edit("app#1", { title: "A" });
    await edit("app#1", { title: "B" });
    await change("app#1", { title: "Theirs" });
    await settle("app#1", "conflict");
    await undo();
    assert.deepEqual([await waits("app#1"), await title()], [["conflict title A"], "Theirs"]);
    const { id, conflicts } = await stage.operation("app#1");
    assert.deepEqual(conflicts, [{ field: "title", theirs: "Theirs" }]);
    await undo();
    assert.deepEqual([await waits("app#1"), await title()], [[], "Theirs"]);
    assert.equal((await stage.store.outbox.get(id)).state, "undone");
  });

  it("of a refused move", async () => {
    await edit("app#1", { status: "planning" });
    await edit("app#1", { status: "in_progress" });
    await edit("app#1", { status: "done" });
    await settle("app#1", "refused");
    assert.equal((await undo()).what, "moved app#1 back to In Progress");
    assert.deepEqual(await waits("app#1"), ["refused status in_progress labels +l-progress -"]);
    await undo();
    assert.deepEqual(await waits("app#1"), ["refused status planning labels +l-plan -"]);
    await undo();
    assert.deepEqual(await waits("app#1"), []);
    await assert.rejects(undo(), nothing);
  });

  it("of refused labels, separately; a new label leaves them waiting", async () => {
    await edit("app#1", { addLabels: ["bug"] });
    await edit("app#1", { addLabels: ["p0"] });
    await settle("app#1", "refused");
    await edit("app#1", { addLabels: ["docs"] });
    assert.deepEqual(await waits("app#1"), ["queued labels +name:docs -", "refused labels +l-bug,l-urgent -"]);
    await undo();
    await undo();
    assert.deepEqual(await waits("app#1"), ["refused labels +l-bug -"]);
    await undo();
    assert.deepEqual(await waits("app#1"), []);
    await assert.rejects(undo(), nothing);
  });

  it("skips a dropped change and reaches the written one before it", async () => {
    await edit("app#1", { title: "Written" });
    await settle("app#1", "written");
    for (const next of ["A", "B", "C"]) await edit("app#1", { title: next });
    await settle("app#1", "refused");
    const { id } = await stage.operation("app#1");
    await stage.store.outbox.drop(id);
    await undo();
    assert.equal(await title(), "Issue 1");
    await assert.rejects(undo(), nothing);
  });

  it("skips a refused change that was then replaced", async () => {
    await edit("app#2", { title: "Two" });
    for (const next of ["A", "B"]) await edit("app#1", { title: next });
    await settle("app#1", "refused");
    await edit("app#1", { title: "C" });
    await undo();
    assert.deepEqual([await waits("app#1"), await title()], [[], "Issue 1"]);
    assert.equal((await undo()).ref, "app#2");
    await assert.rejects(undo(), nothing);
  });

  it("skips a conflict resolved in favour of the other person", async () => {
    await edit("app#2", { title: "Two" });
    for (const next of ["A", "B", "C"]) await edit("app#1", { title: next });
    await change("app#1", { title: "Theirs" });
    await settle("app#1", "conflict");
    const { id } = await stage.operation("app#1");
    await stage.changes.resolve(id, { title: "theirs" });
    assert.equal((await undo()).ref, "app#2");
    await assert.rejects(undo(), nothing);
  });

  it("of a change kept in a conflict, or sent again after a refusal, ends at the other person's value", async () => {
    for (const [ref, end] of [
      ["app#1", "conflict"],
      ["app#2", "refused"],
    ] as const) {
      for (const next of ["A", "B"]) await edit(ref, { title: next });
      await change(ref, { title: "Theirs" });
      await settle(ref, end);
      const { id } = await stage.operation(ref);
      await (end === "conflict" ? stage.changes.resolve(id, { title: "mine" }) : stage.changes.retry(id));
      await settle(ref, "written");
      const titles = [];
      for (const _step of [1, 2]) {
        await undo();
        titles.push((await issue(ref)).shown.title);
      }
      assert.deepEqual(titles, ["A", "Theirs"]);
      await assert.rejects(undo(), nothing);
    }
  });

  it("of a move kept in a conflict: it removes the label of the other person's, which comes back", async () => {
    const status = async () => (await issue("app#1")).status;
    await edit("app#1", { status: "planning" });
    const { base } = await issue("app#1");
    const labelIds = [...base.labelIds, "l-review"];
    await change("app#1", { labelIds });
    const { id } = await stage.operation("app#1");
    const conflicts = [{ field: "status", theirs: "in_review" }];
    await stage.store.outbox.sending.settle(id, { state: "conflict", conflicts });
    assert.equal(await status(), "in_review");
    await stage.changes.resolve(id, { status: "mine" });
    const { fields } = await stage.operation("app#1");
    assert.deepEqual(fields, [
      { field: "status", from: "in_review", to: "planning" },
      { field: "labels", add: ["l-plan"], remove: ["l-review"] },
    ]);
    assert.equal(await status(), "planning");
    await settle("app#1", "written");
    await undo();
    assert.equal(await status(), "in_review");
    assert.deepEqual((await issue("app#1")).shown.labelIds, labelIds);
  });

  it("of a comment: its edit, deletion and creation, unsent or refused", async () => {
    const id = await stage.id("app#1");
    const written = { id: "c7", authorId: "p-ben", body: "Zero", createdAt: 1, updatedAt: 1 };
    const bodies = async () => (await stage.store.comments.list(id)).map(({ body }) => body);
    for (const isRefused of [false, true]) {
      await stage.store.comments.replace(id, [written], {}, 5);
      await stage.changes.editComment(id, "c7", "One", you);
      await stage.changes.editComment(id, "c7", "Two", you);
      await stage.changes.deleteComment(id, "c7", you);
      if (isRefused) await settle("app#1", "refused");
      await undo();
      assert.deepEqual(await bodies(), ["Two"]);
      if (isRefused) await settle("app#1", "refused");
      await undo();
      assert.deepEqual(await bodies(), ["One"]);
      await undo();
      assert.deepEqual([await bodies(), await waits("app#1")], [["Zero"], []]);
      await assert.rejects(undo(), nothing);
    }
  });

  it("of a comment whose text was restored by hand sends nothing", async () => {
    const id = await stage.id("app#1");
    const written = { id: "c7", authorId: "p-ben", body: "Zero", createdAt: 1, updatedAt: 1 };
    await stage.store.comments.replace(id, [written], {}, 5);
    await stage.changes.editComment(id, "c7", "One", you);
    await stage.changes.editComment(id, "c7", "Zero", you);
    assert.deepEqual(await waits("app#1"), []);
    await undo();
    assert.deepEqual(await waits("app#1"), ["queued One"]);
    await undo();
    assert.deepEqual(await waits("app#1"), []);
    await assert.rejects(undo(), nothing);
  });

  it("of a text that replaced one being sent restores that one", async () => {
    const id = await stage.id("app#1");
    const written = { id: "c7", authorId: "p-ben", body: "Zero", createdAt: 1, updatedAt: 1 };
    await stage.store.comments.replace(id, [written], {}, 5);
    await stage.changes.editComment(id, "c7", "One", you);
    await stage.store.outbox.sending.begin(await stage.operation("app#1"), { steps: [], lookAt: null });
    await stage.changes.editComment(id, "c7", "Two", you);
    await undo();
    assert.equal((await stage.store.comments.list(id))[0]?.body, "One");
    await undo();
    assert.equal((await stage.store.comments.list(id))[0]?.body, "Zero");
  });

  it("of an unsent move needs no transition back in the workflow", async () => {
    stage.asked.choices = [
      { id: "21", name: "Close", stateId: "closed", stateName: "Closed", fields: [], reversible: false },
    ];
    await edit("MIN-1", { status: "done" });
    await undo();
    assert.deepEqual([(await issue("MIN-1")).status, await waits("MIN-1")], ["backlog", []]);
  });

  it("of refused changes to the tracker's own fields removes each", async () => {
    const bug = await stage.id("MIN-1");
    await stage.store.outbox.edit(bug, [{ field: "custom", id: "severity", to: "s1" }], {
      actor: "you",
      session: you.session,
    });
    await stage.store.outbox.edit(bug, [{ field: "custom", id: "severity", to: "s2" }], {
      actor: "you",
      session: you.session,
    });
    await settle("MIN-1", "refused");
    await undo();
    assert.deepEqual(await waits("MIN-1"), ["refused custom s1"]);
    await undo();
    assert.deepEqual(await waits("MIN-1"), []);
    await assert.rejects(undo(), nothing);
  });

  it("finds a step by its name, whatever changed after it, and reports its outcome", async () => {
    const [one, two] = ["one", "two"].map((name) => ({ ...you, change: name }));
    assert.ok(one && two);
    const id = await stage.id("app#1");
    await stage.changes.comment(id, "From tab one", one);
    await edit("app#2", { title: "From tab two" }, two);
    await edit("app#1", { title: "Of the same step" }, one);
    assert.equal((await stage.changes.undo(you, { change: "one" })).ref, "app#1");
    assert.deepEqual([await title(), await stage.store.comments.list(id)], ["Issue 1", []]);
    assert.equal((await issue("app#2")).shown.title, "From tab two");
    await assert.rejects(stage.changes.undo(you, { change: "one" }), {
      code: "not_found",
      message: "This change is already undone.",
    });
    await assert.rejects(stage.changes.undo({ ...you, session: "browser 2" }, { change: "two" }), {
      message: "Nothing was changed, so there is nothing to undo.",
    });
    await settle("app#2", "written");
    await change("app#2", { title: "Theirs" });
    await assert.rejects(stage.changes.undo(you, { change: "two" }), {
      code: "conflict",
      message: "app#2: title changed since then.",
    });
    await assert.rejects(stage.changes.undo(you, { change: "two" }), {
      message: "This change can no longer be undone.",
    });
    assert.equal((await issue("app#2")).shown.title, "Theirs");
  });
});
