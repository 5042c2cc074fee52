import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { blankDraft } from "../../../../test/support/blank-draft.ts";
import { newMark, sentMark } from "../../conformance/operation-mark.ts";
import { setWriteStage } from "./write-stage.ts";

describe("the result of a lost response on a server that drops marks", () => {
  const thorough = { variant: "thorough" };

  it("is identified by author, type, time and text", async (t) => {
    const { write, source, emulator } = await setWriteStage(t, thorough);
    const draft = { ...blankDraft, title: "Was it made?", body: "* one\n* two" };
    // An older one of the same name, and one whose response arrived.
    await write.create(source, draft, newMark());
    const mark = sentMark();
    emulator.faults.add({ kind: "lost-answer", path: "/hierarchicalrequirement/create" });
    await assert.rejects(write.create(source, draft, mark));
    emulator.world.create(source.key, { title: draft.title, body: draft.body });
    const found = await write.findCreated(source, draft, mark);
    assert.equal(found.length, 1);
    assert.equal(found[0]?.issue.body, "- one\n- two");
    assert.deepEqual(await write.findCreated(source, { ...draft, title: "Another" }, mark), []);
    assert.deepEqual(await write.findCreated(source, { ...draft, body: "three" }, mark), []);
    const later = sentMark(Date.now() + 60_000);
    assert.deepEqual(await write.findCreated(source, draft, later), []);
    const [item] = found;
    assert.ok(item);
    const address = { nativeId: item.issue.nativeId, key: item.issue.key, sourceKey: source.key };
    const said = sentMark();
    emulator.faults.add({ kind: "lost-answer", path: "/conversationpost/create" });
    await assert.rejects(write.comment(source, address, "Hello *you*", said));
    emulator.world.comment(address.nativeId, "Hello *you*");
    const comments = await write.findComments(source, address, "Hello *you*", said);
    assert.deepEqual(
      comments.map(({ comment }) => comment.body),
      ["Hello *you*"],
    );
    assert.deepEqual(await write.findComments(source, address, "Hello you two", said), []);
  });

  it("includes both duplicates, and is empty if the request never arrived", async (t) => {
    const { open, source, emulator, write } = await setWriteStage(t, thorough);
    const mark = sentMark();
    emulator.faults.add({ kind: "lost-answer", path: "/create", times: 2 });
    for (let turn = 0; turn < 2; turn++) await assert.rejects(write.create(source, blankDraft, mark));
    // By a connection that has created nothing: after a restart.
    const other = open().connection.write;
    assert.equal((await other?.findCreated(source, blankDraft, mark))?.length, 2);
    emulator.faults.add({ kind: "drop", path: "/create" });
    const lost = { ...blankDraft, title: "Never arrived" };
    await assert.rejects(write.create(source, lost, mark));
    assert.deepEqual(await write.findCreated(source, lost, mark), []);
  });
});
