import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { NativeIssue } from "../../domain/issue.ts";
import type { IssuePatch } from "../changes.ts";
import { type ChangesStage, openChangesStage, you } from "../../../test/support/changes-stage.ts";

const other = { ...you, session: "browser 2" };

describe("undo", () => {
  let stage: ChangesStage;
  beforeEach(async () => {
    stage = await openChangesStage();
  });
  afterEach(() => stage.close());

  const edit = async (ref: string, patch: IssuePatch) => stage.changes.edit(await stage.id(ref), patch, you);
  const undo = () => stage.changes.undo(you);
  const shown = async (ref: string) => stage.store.outbox.issue(await stage.id(ref));
  const open = () => stage.store.outbox.list();
  /** Settles the open operations of an issue with the tracker's answers. */
  const write = async (ref: string) => {
    const issueId = await stage.id(ref);
    for (const operation of (await stage.store.outbox.listOf(issueId)).toReversed()) {
      if (operation.settledAt !== null) continue;
      const issue = (await shown(ref)).shown;
      await stage.store.outbox.sending.settle(operation.id, {
        state: "written",
        answer: { issue, seen: {}, requestedAt: Date.now() },
      });
    }
  };
  const nothing = { code: "not_found", message: "There is nothing to undo." };

  it("reverts unsent changes of one field one by one", async () => {
    await edit("app#1", { status: "planning" });
    await edit("app#1", { status: "in progress" });
    await edit("app#1", { title: "New" });
    assert.deepEqual(await undo(), {
      ref: "app#1",
      operation: null,
      what: "restored the title of app#1",
      problems: [],
    });
    assert.equal((await undo()).what, "moved app#1 back to Planning");
    assert.deepEqual((await shown("app#1")).shown.labelIds, ["l-plan"]);
    await undo();
    assert.equal((await shown("app#1")).status, "backlog");
    assert.deepEqual(await open(), []);
    await assert.rejects(undo(), nothing);
  });

  it("queues the inverse of a written change, and marks that as undone", async () => {
    await edit("app#3", { status: "done", addLabels: ["p0"], removeLabels: ["bug"], addAssignees: ["ben"] });
    const { id } = await stage.operation("app#3");
    await write("app#3");
    assert.equal((await undo()).what, "moved app#3 back to Backlog");
    assert.equal((await stage.store.outbox.get(id)).state, "undone");
    const inverse = await stage.operation("app#3");
    assert.equal(inverse.undoes, id);
    assert.deepEqual(inverse.fields, [
      { field: "status", from: "done", to: "backlog" },
      { field: "state", from: "closed", to: "open" },
      { field: "labels", add: ["l-bug"], remove: ["l-urgent"] },
      { field: "assignees", add: [], remove: ["p-ben"] },
    ]);
    await assert.rejects(undo(), nothing);
  });

  it("undoes a text that its tracker reformatted", async () => {
    await edit("app#1", { body: "* one" });
    const { base } = await shown("app#1");
    const { id } = await stage.operation("app#1");
    const answer = { issue: { ...base, body: "- one" }, seen: {}, requestedAt: Date.now() };
    await stage.store.outbox.sending.settle(id, { state: "written", answer, became: "- one" });
    assert.equal((await undo()).what, "restored the text of app#1");
    assert.deepEqual((await stage.operation("app#1")).fields, [{ field: "body", from: "- one", to: base.body }]);
  });

  it("finds the label that was created for a new name", async () => {
    await edit("app#1", { addLabels: ["fresh"] });
    const { base } = await shown("app#1");
    const { id } = await stage.operation("app#1");
    await stage.store.outbox.sending.settle(id, {
      state: "written",
      answer: {
        issue: { ...base, labelIds: ["l-9"] },
        seen: { labels: [{ id: "l-9", name: "fresh", color: null }] },
        requestedAt: Date.now(),
      },
    });
    await undo();
    assert.deepEqual((await stage.operation("app#1")).fields, [{ field: "labels", add: [], remove: ["l-9"] }]);
  });

  it("applies to this session's last change, or to a given operation", async () => {
    await edit("app#1", { title: "Mine" });
    await stage.changes.edit(await stage.id("app#1"), { dueDate: "2026-11-22" }, other);
    const { id } = await stage.operation("app#1");
    await undo();
    assert.deepEqual(
      [(await shown("app#1")).shown.title, (await shown("app#1")).shown.dueDate],
      ["Issue 1", "2026-11-22"],
    );
    await assert.rejects(undo(), nothing);
    await stage.changes.undo(you, { operation: id });
    assert.equal((await shown("app#1")).shown.dueDate, null);
    await assert.rejects(stage.changes.undo(you, { operation: id }), { code: "not_found" });
    await assert.rejects(stage.changes.undo(you, { operation: 999 }), { code: "not_found" });
  });

  it("undoes a change of many issues together", async () => {
    await stage.changes.bulk(["app#1", "app#2", "app#3"], { priority: "urgent" }, you);
    assert.equal((await undo()).what, "undid the change to 3 issues");
    assert.deepEqual(await open(), []);
  });

  it("never overwrites a later change, and continues with the step before", async () => {
    await edit("app#2", { title: "Two" });
    await edit("app#1", { title: "Mine" });
    await write("app#1");
    const { base } = await shown("app#1");
    const theirs: NativeIssue = { ...base, title: "Theirs" };
    const { sourceId } = await shown("app#1");
    await stage.store.mirror.applyPage(sourceId, {
      changes: [theirs],
      removed: [],
      rejected: [],
      seen: {},
      requestedAt: Date.now() + 1000,
      sync: {},
    });
    await assert.rejects(undo(), { code: "conflict", message: "app#1: title changed since then." });
    assert.equal((await undo()).ref, "app#2");
  });

  it("skips changes that are already undone", async () => {
    await edit("app#1", { title: "New" });
    await edit("app#2", { title: "Two" });
    await stage.changes.edit(await stage.id("app#2"), { title: "Issue 2" }, other);
    assert.equal((await undo()).ref, "app#1");
  });

  it("drops a refused change", async () => {
    await edit("app#1", { title: "New" });
    const { id } = await stage.operation("app#1");
    await stage.store.outbox.sending.settle(id, {
      state: "refused",
      reason: { code: "forbidden", message: "No.", hint: null },
    });
    await undo();
    assert.deepEqual(await open(), []);
    assert.equal((await stage.store.outbox.get(id)).state, "undone");
  });

  it("undoes an unsent new issue and its edits one by one", async () => {
    const { issueId, ref } = await stage.changes.create({ source: "acme/app", title: "Draft" }, you);
    await stage.changes.edit(issueId, { title: "Better draft" }, you);
    await undo();
    assert.equal((await shown(ref)).shown.title, "Draft");
    assert.equal((await undo()).what, `undid the creation of ${ref}`);
    await assert.rejects(stage.store.outbox.issue(issueId), { code: "not_found" });
  });

  it("cancels a new issue that exists in the tracker", async () => {
    const { issueId, ref } = await stage.changes.create({ source: "acme/app", title: "Made" }, you);
    const [create] = await open();
    const { base, sourceId } = await shown(ref);
    assert.ok(create && sourceId);
    await stage.store.outbox.sending.begin(create, { steps: [{ name: "create" }], lookAt: null });
    const issue = { ...base, nativeId: "n9", key: "#9" };
    await stage.store.outbox.sending.named(create.id, { issue, seen: {}, requestedAt: Date.now() }, []);
    await stage.store.outbox.sending.settle(create.id, { state: "written" });
    await undo();
    assert.equal((await stage.store.outbox.issue(issueId)).status, "canceled");
    assert.equal((await stage.store.outbox.get(create.id)).state, "undone");
  });

  it("removes and restores relations, both the tracker's and links", async () => {
    const id = await stage.id("app#1");
    const relations = async () =>
      (await stage.store.board.detail(id)).relations.map(({ type, ref }) => `${type} ${ref}`);
    await stage.changes.relate(id, "blocks", "MIN-1", you);
    await undo();
    assert.deepEqual(await relations(), []);
    await stage.changes.relate(id, "blocks", "MIN-1", you);
    const [link] = (await stage.store.board.detail(id)).relations;
    await stage.changes.unrelate(id, link?.id ?? "", you);
    await undo();
    assert.deepEqual(await relations(), ["blocks MIN-1"]);
    await stage.changes.relate(id, "blocks", "app#2", you);
    const operation = await stage.operation("app#1");
    await stage.store.outbox.sending.settle(operation.id, {
      state: "written",
      answer: { issue: (await shown("app#1")).shown, seen: {}, requestedAt: Date.now() },
    });
    await undo();
    const inverse = await stage.operation("app#1");
    assert.deepEqual([inverse.kind, inverse.undoes], ["unrelate", operation.id]);
  });

  it("of a relation keeps an equal one of the other issue that was pending at the same time", async () => {
    const relations = async () =>
      (await shown("app#1")).shown.relations?.map(({ type, targetId }) => `${type} ${targetId}`);
    await stage.changes.relate(await stage.id("app#1"), "blocks", "app#2", you);
    const { id } = await stage.operation("app#1");
    await stage.changes.relate(await stage.id("app#2"), "blocked_by", "app#1", other);
    await write("app#1");
    await write("app#2");
    await assert.rejects(stage.changes.undo(other), nothing);
    assert.deepEqual(await relations(), ["blocks n2"]);
    assert.equal((await shown("app#2")).shown.relations?.length, 1);
    await undo();
    assert.equal((await stage.operation("app#1")).undoes, id);
    assert.deepEqual(await relations(), []);
  });

  it("of a relation keeps an equal one of the other issue that was written before and not read since", async () => {
    await stage.changes.relate(await stage.id("app#1"), "blocks", "app#2", you);
    await write("app#1");
    // The tracker has it on both issues; the other one has not been read since.
    assert.deepEqual((await shown("app#2")).shown.relations ?? [], []);
    await stage.changes.relate(await stage.id("app#2"), "blocked_by", "app#1", other);
    await write("app#2");
    await assert.rejects(stage.changes.undo(other), nothing);
    assert.equal((await shown("app#1")).shown.relations?.length, 1);
    assert.equal((await shown("app#2")).shown.relations?.length, 1);
    await undo();
    assert.deepEqual((await shown("app#1")).shown.relations, []);
  });

  it("of a relation to a new issue removes it after the tracker has named that", async () => {
    const [source] = await stage.store.sources.list();
    const { ref, issueId } = await stage.changes.create({ source: source?.config.id ?? "", title: "New" }, you);
    const create = await stage.operation(ref);
    await stage.changes.relate(await stage.id("app#1"), "blocks", ref, you);
    const issue = { ...(await stage.store.outbox.issue(issueId)).base, nativeId: "n9", key: "#9" };
    await stage.store.outbox.sending.named(create.id, { issue, seen: {}, requestedAt: Date.now() }, []);
    await write("app#1");
    assert.equal((await shown("app#1")).shown.relations?.length, 1);
    await undo();
    assert.deepEqual((await shown("app#1")).shown.relations, []);
  });

  it("of a new parent removes it after the tracker has named that", async () => {
    const [source] = await stage.store.sources.list();
    const { ref, issueId } = await stage.changes.create({ source: source?.config.id ?? "", title: "New" }, you);
    const create = await stage.operation(ref);
    await stage.changes.edit(await stage.id("app#1"), { parent: ref }, you);
    const issue = { ...(await stage.store.outbox.issue(issueId)).base, nativeId: "n9", key: "#9" };
    await stage.store.outbox.sending.named(create.id, { issue, seen: {}, requestedAt: Date.now() }, []);
    await write("app#1");
    assert.equal((await shown("app#1")).shown.parentId, "n9");
    assert.equal((await undo()).ref, "app#1");
    assert.equal((await shown("app#1")).shown.parentId, null);
    // And vice versa: a removed parent is restored by its present name.
    await edit("app#1", { parent: ref });
    await edit("app#1", { parent: "app#2" });
    await undo();
    assert.equal((await shown("app#1")).shown.parentId, "n9");
  });

  it("of a link removes exactly that one, of several that look the same from the other issue", async () => {
    const relations = async (ref: string) =>
      (await stage.store.board.detail(await stage.id(ref))).relations.map(({ type, ref: other }) => `${type} ${other}`);
    await stage.changes.relate(await stage.id("app#1"), "duplicates", "app#2", you);
    await stage.changes.relate(await stage.id("app#2"), "relates", "app#1", you);
    await stage.changes.comment(await stage.id("app#1"), "Said", you);
    await undo();
    await undo();
    assert.deepEqual(await relations("app#1"), ["duplicates app#2"]);
    await undo();
    assert.deepEqual([await relations("app#1"), await relations("app#2")], [[], []]);
  });

  it("of a parent in another tracker restores the tracker's own", async () => {
    const id = await stage.id("app#1");
    await edit("app#1", { parent: "app#2" });
    await write("app#1");
    await edit("app#1", { parent: "MIN-1" });
    assert.equal((await shown("app#1")).shown.parentId, null);
    await undo();
    assert.equal((await shown("app#1")).shown.parentId, "n2");
    assert.deepEqual(
      (await stage.store.links.list(id)).filter(({ origin }) => origin === "made"),
      [],
    );
  });

  it("reports that the workflow has no way back", async () => {
    stage.asked.choices = [
      { id: "21", name: "Close", stateId: "closed", stateName: "Closed", fields: [], reversible: false },
    ];
    await edit("MIN-1", { status: "done" });
    await write("MIN-1");
    stage.asked.choices = [];
    await assert.rejects(undo(), { code: "unsupported", message: /does not allow \S+ to move back to Backlog/ });
    await edit("MIN-1", { title: "New" });
    await edit("MIN-2", { fields: {} });
    await undo();
  });
});
