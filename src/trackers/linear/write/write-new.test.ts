import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import { blankDraft } from "../../../../test/support/blank-draft.ts";
import { linkTypes, newLabelId, type NativeDraft } from "../../../domain/operation.ts";
import { hasCode } from "../../conformance/assert-code.ts";
import { sentMark } from "../../conformance/operation-mark.ts";
import { setWriteStage, toAddress } from "./write-stage.ts";

describe("new Linear issues", () => {
  it("are created in one request with all chosen fields", async (t) => {
    const stage = await setWriteStage(t);
    const { vocabulary } = await stage.connection.describe(stage.source, {});
    const parent = await stage.issue();
    const [label, person, cycle] = [vocabulary.labels[0], vocabulary.people[1], vocabulary.cycles[0]];
    const state = vocabulary.states.find(({ category }) => category === "started");
    assert.ok(label && person && cycle && state);
    const draft: NativeDraft = {
      ...blankDraft,
      title: "Alles auf einmal 🧰",
      body: "With a body",
      stateId: state.id,
      nativePriority: "2",
      labels: [label],
      assigneeIds: [person.id],
      cycleId: cycle.id,
      dueDate: "2027-03-04",
      estimate: 5,
      parent: toAddress(parent, stage.source),
    };
    stage.sent();
    const made = await stage.write.create(stage.source, draft, sentMark());
    assert.deepEqual(stage.sent(), ["CreateIssue"]);
    const { issue } = made;
    assert.deepEqual(issue, await stage.read(issue.nativeId));
    const chosen = {
      title: draft.title,
      body: draft.body,
      stateId: state.id,
      nativePriority: "2",
      labelIds: [label.id],
      assigneeIds: [person.id],
      cycleId: cycle.id,
      dueDate: "2027-03-04",
      estimate: 5,
      parentId: parent.nativeId,
    };
    assert.deepEqual({ ...issue, ...chosen }, issue);
    assert.equal(issue.authorId, (await stage.connection.verify()).id);
  });

  it("get the team's defaults for absent fields, and new labels", async (t) => {
    const stage = await setWriteStage(t);
    const label = { id: newLabelId("planning"), name: "planning" };
    const made = await stage.write.create(stage.source, { ...blankDraft, labels: [label] }, sentMark());
    assert.deepEqual(stage.sent(), ["LabelsByName", "CreateLabel", "CreateIssue"]);
    assert.deepEqual(
      made.seen.labels?.map(({ id }) => id),
      made.issue.labelIds,
    );
    assert.equal(made.issue.nativePriority, "0");
    // Without the immutable id, the team is looked up first.
    const unnamed = { ...stage.source, nativeId: null };
    await stage.write.create(unnamed, blankDraft, sentMark());
    assert.deepEqual(stage.sent(), ["TeamId", "CreateIssue"]);
    await assert.rejects(
      stage.write.create({ ...unnamed, key: "NOSUCH" }, blankDraft, sentMark()),
      hasCode("not_found", (error) => error.message.includes("NOSUCH")),
    );
  });

  it("are found by their id after a lost response: none, or the one", async (t) => {
    const stage = await setWriteStage(t);
    const draft = { ...blankDraft, title: "Once" };
    const mark = sentMark();
    stage.emulator.faults.add({ kind: "drop", body: "mutation CreateIssue" });
    await assert.rejects(stage.write.create(stage.source, draft, mark), hasCode("unreachable"));
    stage.sent();
    assert.deepEqual(await stage.write.findCreated(stage.source, draft, mark), []);
    assert.deepEqual(stage.sent(), ["Issue"]);
    stage.emulator.faults.add({ kind: "lost-answer", body: "mutation CreateIssue" });
    await assert.rejects(stage.write.create(stage.source, draft, mark), hasCode("unreachable"));
    assert.equal(stage.sent().length, 1, "nothing is sent twice");
    const found = await stage.write.findCreated(stage.source, draft, mark);
    assert.deepEqual(
      found.map(({ issue }) => issue.title),
      ["Once"],
    );
    // Sending it again yields the same issue.
    const again = await stage.write.create(stage.source, draft, mark);
    assert.equal(again.issue.nativeId, found[0]?.issue.nativeId);
    assert.equal(stage.emulator.world.issues().filter(({ title }) => title === "Once").length, 1);
  });

  it("are refused with Linear's message", async (t) => {
    const stage = await setWriteStage(t);
    const create = (draft: Partial<NativeDraft>) =>
      stage.write.create(stage.source, { ...blankDraft, ...draft }, sentMark());
    await assert.rejects(create({ title: "" }), hasCode("invalid_input", /title/));
    await assert.rejects(create({ stateId: randomUUID() }), hasCode("not_found"));
    await assert.rejects(create({ fields: { severity: 1 } }), hasCode("unsupported"));
    await assert.rejects(create({ assigneeIds: ["a", "b"] }), hasCode("invalid_input"));
    await assert.rejects(create({ estimate: 0.5 }), hasCode("invalid_input"));
    assert.equal(stage.emulator.world.issues(stage.source.key).length, 10);
  });
});

describe("comments of a Linear issue", () => {
  it("are created, changed and deleted as the user's own", async (t) => {
    const stage = await setWriteStage(t);
    const issue = toAddress(await stage.issue(), stage.source);
    const mark = sentMark();
    stage.sent();
    const made = await stage.write.comment(stage.source, issue, "A comment\n\n- with a list", mark);
    assert.deepEqual(stage.sent(), ["CreateComment"]);
    assert.equal(made.comment.id, mark.id);
    assert.equal(await stage.write.sameText?.("A comment\n\n- with a list", made.comment.body), true);
    const me = await stage.connection.verify();
    assert.equal(made.comment.authorId, me.id);
    assert.ok(made.seen.people?.some(({ id }) => id === me.id));
    const edited = await stage.write.editComment(stage.source, issue, mark.id, "Changed 🎉");
    assert.equal(edited.comment.body, "Changed 🎉");
    const world = () => stage.emulator.world.comments?.(issue.nativeId) ?? [];
    assert.deepEqual(world().at(-1), { id: mark.id, body: "Changed 🎉", login: me.login });
    const read = (await Array.fromAsync(stage.connection.comments(stage.source, issue.nativeId, issue.key))).flatMap(
      ({ comments }) => comments,
    );
    assert.deepEqual(
      read.find(({ id }) => id === mark.id),
      edited.comment,
    );
    await stage.write.deleteComment(stage.source, issue, mark.id);
    await stage.write.deleteComment(stage.source, issue, mark.id);
    assert.ok(!world().some(({ id }) => id === mark.id));
  });

  it("go into a thread, and start their own if that thread is gone", async (t) => {
    const stage = await setWriteStage(t);
    const issue = toAddress(await stage.issue(), stage.source);
    const read = async (id: string) => {
      const pages = await Array.fromAsync(stage.connection.comments(stage.source, issue.nativeId, issue.key));
      return pages.flatMap(({ comments }) => comments).find((one) => one.id === id);
    };
    const comment = (body: string, replyTo?: string) =>
      stage.write.comment(stage.source, issue, body, sentMark(), undefined, replyTo);
    const { comment: root } = await comment("A question");
    assert.ok(!("replyTo" in root));
    stage.sent();
    const { comment: reply } = await comment("An answer", root.id);
    assert.deepEqual(stage.sent(), ["CreateComment"]);
    assert.equal(reply.replyTo, root.id);
    assert.equal((await read(reply.id))?.replyTo, root.id);
    await stage.write.deleteComment(stage.source, issue, root.id);
    const { comment: late } = await comment("A late answer", root.id);
    assert.deepEqual(await read(late.id), late);
    assert.ok(!("replyTo" in late));
  });

  it("are found by their id", async (t) => {
    const stage = await setWriteStage(t);
    const issue = toAddress(await stage.issue(), stage.source);
    const mark = sentMark();
    assert.deepEqual(await stage.write.findComments(stage.source, issue, "Once", mark), []);
    stage.emulator.faults.add({ kind: "lost-answer", body: "mutation CreateComment" });
    await assert.rejects(stage.write.comment(stage.source, issue, "Once", mark), hasCode("unreachable"));
    const found = await stage.write.findComments(stage.source, issue, "Once", mark);
    assert.deepEqual(
      found.map(({ comment }) => [comment.id, comment.body]),
      [[mark.id, "Once"]],
    );
    const again = await stage.write.comment(stage.source, issue, "Once", mark);
    assert.equal(again.comment.id, mark.id);
    assert.equal(stage.emulator.world.comments?.(issue.nativeId).filter(({ body }) => body === "Once").length, 1);
  });

  it("of others, and empty ones, are refused", async (t) => {
    const stage = await setWriteStage(t);
    const issue = toAddress(await stage.issue(), stage.source);
    stage.emulator.world.comment(issue.nativeId, "Somebody's");
    const theirs = stage.emulator.world.comments?.(issue.nativeId).at(-1)?.id ?? "";
    await assert.rejects(stage.write.editComment(stage.source, issue, theirs, "Mine"), hasCode("forbidden"));
    await assert.rejects(stage.write.comment(stage.source, issue, "  ", sentMark()), hasCode("invalid_input"));
    await assert.rejects(stage.write.editComment(stage.source, issue, randomUUID(), "?"), hasCode("not_found"));
  });
});

describe("relations of a Linear issue", () => {
  it("are created and removed, once, in both directions", async (t) => {
    const stage = await setWriteStage(t);
    for (const [index, type] of linkTypes.entries()) {
      const [one, two] = [await stage.issue(10 - 2 * index - 1), await stage.issue(10 - 2 * index - 2)];
      const target = toAddress(two, stage.source);
      const issue = toAddress(one, stage.source);
      const relations = async () =>
        (await stage.read(one.nativeId)).relations?.filter((relation) => relation.targetId === two.nativeId) ?? [];
      for (const { id, type: present } of await relations()) {
        if (present === "parent" || present === "child") continue;
        await stage.write.unrelate(stage.source, issue, { type: present, target, id });
      }
      stage.sent();
      await stage.write.relate(stage.source, issue, { type, target, id: null });
      assert.deepEqual(stage.sent(), ["Relations", "CreateRelation"]);
      await stage.write.relate(stage.source, issue, { type, target, id: null });
      assert.deepEqual(stage.sent(), ["Relations"], "it is there already");
      const [made, ...more] = await relations();
      assert.deepEqual([made?.type, more], [type, []]);
      assert.ok(made);
      stage.sent();
      await stage.write.unrelate(stage.source, issue, { type, target, id: type === "blocks" ? made.id : null });
      assert.deepEqual(stage.sent(), type === "blocks" ? ["DeleteRelation"] : ["Relations", "DeleteRelation"]);
      assert.deepEqual(await relations(), []);
      await stage.write.unrelate(stage.source, issue, { type, target, id: made.id });
      await stage.write.unrelate(stage.source, issue, { type, target, id: null });
    }
  });

  it("to an issue that does not exist are refused", async (t) => {
    const stage = await setWriteStage(t);
    const issue = toAddress(await stage.issue(), stage.source);
    const target = { nativeId: randomUUID(), key: "APP-999", sourceKey: "APP" };
    await assert.rejects(
      stage.write.relate(stage.source, issue, { type: "blocks", target, id: null }),
      hasCode("not_found"),
    );
  });
});

describe("a state for a status that has none", () => {
  it("is created on request, once", async (t) => {
    const stage = await setWriteStage(t);
    assert.ok(stage.write.createState);
    const like = { category: "started" };
    const made = await stage.write.createState(stage.source, "Building", like);
    assert.deepEqual(await stage.write.createState(stage.source, "building", like), made);
    const { vocabulary } = await stage.connection.describe(stage.source, {});
    assert.equal(vocabulary.states.find(({ id }) => id === made.stateId)?.category, "started");
    await assert.rejects(
      stage.write.createState(stage.source, "Inbox", { category: "triage" }),
      hasCode("invalid_input", /type must be one of/),
    );
  });
});

describe("a read-only key", () => {
  it("is recognized before the first write, with what to do", async (t) => {
    const stage = await setWriteStage(t);
    assert.deepEqual((await stage.connection.describe(stage.source, {})).writable, { allowed: true, reason: null });
    const weak = stage.open({ credentials: stage.emulator.weakCredentials.values }).connection;
    const { writable } = await weak.describe(stage.source, {});
    assert.equal(writable.allowed, false);
    assert.match(writable.reason ?? "", /read-only.*LINEAR_API_KEY/);
    assert.deepEqual((await weak.verify()).missing, [writable.reason]);
    const before = stage.emulator.world.issues();
    assert.deepEqual(stage.emulator.world.issues(), before);
  });

  it("is refused if it writes anyway", async (t) => {
    const stage = await setWriteStage(t);
    const { write } = stage.open({ credentials: stage.emulator.weakCredentials.values }).connection;
    assert.ok(write);
    const issue = await stage.issue();
    const words = hasCode("forbidden", /`write` required/);
    const [step] = await write.plan(stage.source, issue, { title: "No" });
    assert.ok(step);
    await assert.rejects(write.perform(stage.source, issue, step), words);
    await assert.rejects(write.create(stage.source, blankDraft, sentMark()), words);
    await assert.rejects(write.comment(stage.source, toAddress(issue, stage.source), "No", sentMark()), words);
  });
});
