import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { blankDraft } from "../../../../test/support/blank-draft.ts";
import { createVirtualClock } from "../../../../test/support/virtual-clock.ts";
import { newMark, sentMark } from "../../conformance/operation-mark.ts";
import { setWriteStage, addressOf } from "./write-stage.ts";

describe("the operation's mark", () => {
  it("stays in front of the text on GitHub, however the text changes", async (t) => {
    const { emulator, source, write, apply, read } = await setWriteStage(t);
    const mark = sentMark();
    const { issue } = await write.create(source, { ...blankDraft, body: "First" }, mark);
    const kept = () => emulator.world.issues(source.key).find(({ nativeId }) => nativeId === issue.nativeId)?.body;
    assert.equal(kept(), `<!-- panopticon:${mark.id} -->\nFirst`);
    await apply(await read(issue), { body: "" });
    assert.equal(kept(), `<!-- panopticon:${mark.id} -->\n`);
    assert.equal((await read(issue)).body, "");
    emulator.world.edit(issue.nativeId, { body: "Somebody else's text" });
    await apply(await read(issue), { body: "Ours again" });
    assert.equal(kept(), "Ours again", "what somebody took off stays off");
  });

  it("is searched for only among the caller's own issues", async (t) => {
    const { emulator, source, write, open } = await setWriteStage(t);
    const mark = sentMark();
    const { issue } = await write.create(source, blankDraft, mark);
    const raw = emulator.world.issues(source.key).find(({ nativeId }) => nativeId === issue.nativeId)?.body ?? "";
    emulator.world.create(source.key, { title: "A copy by somebody else", body: raw });
    assert.equal((await write.findCreated(source, blankDraft, mark)).length, 1);
    const other = open({ credentials: { ...emulator.otherCredentials } }).connection.write;
    assert.deepEqual(await other?.findCreated(source, blankDraft, mark), []);
  });

  it("is found behind a hundred newer issues, and if a clock was set in between", async (t) => {
    const clock = createVirtualClock();
    const { source, write, emulator } = await setWriteStage(t, { clock });
    const mark = sentMark(clock.now());
    const { issue } = await write.create(source, blankDraft, mark);
    const late = { ...mark, firstSentAt: clock.now() + 3 * 24 * 3_600_000 };
    assert.equal((await write.findCreated(source, blankDraft, late)).length, 1, "sent by a clock that was fast");
    for (let count = 0; count < 130; count += 1) await write.create(source, blankDraft, newMark());
    await clock.advance(30 * 60_000);
    emulator.requests.clear();
    const found = await write.findCreated(source, blankDraft, mark);
    assert.deepEqual(
      found.map((one) => one.issue.nativeId),
      [issue.nativeId],
    );
    assert.equal(emulator.requests.count(), 3, "who one is, and two pages");
  });

  it("is found among many comments by time", async (t) => {
    const clock = createVirtualClock();
    const { source, write, make, emulator } = await setWriteStage(t, { clock });
    const issue = await make();
    for (let count = 0; count < 250; count += 1) emulator.world.comment(issue.nativeId, `Comment ${count}`);
    await clock.advance(2 * 3_600_000);
    const mark = sentMark(clock.now());
    const address = addressOf(issue, source);
    await write.comment(source, address, "Ours", mark);
    emulator.requests.clear();
    assert.equal((await write.findComments(source, address, "Ours", mark)).length, 1);
    assert.equal(emulator.requests.count(), 2);
  });
});
