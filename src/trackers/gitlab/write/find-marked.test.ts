import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { blankDraft } from "../../../../test/support/blank-draft.ts";
import { newMark, sentMark } from "../../conformance/operation-mark.ts";
import { setWriteStage } from "./write-stage.ts";

describe("the result of a lost response", () => {
  it("is searched for only among the account's own newest issues, in two requests", async (t) => {
    const { write, source, open, emulator, count } = await setWriteStage(t);
    const mark = sentMark();
    await write.create(source, blankDraft, mark);
    const { connection: other } = open({ credentials: emulator.otherCredentials });
    // Another user copies the text, including the mark.
    const body = `${blankDraft.body}\n\n<!-- panopticon:${mark.id} -->`;
    emulator.world.create(source.key, { title: blankDraft.title, body });
    assert.equal((await write.findCreated(source, blankDraft, mark)).length, 1);
    assert.deepEqual(await other.write?.findCreated(source, blankDraft, mark), []);
    emulator.requests.clear();
    const sent = await count(() => write.findCreated(source, blankDraft, sentMark()));
    assert.equal(sent, 1, "who asks is known by now");
    assert.match(emulator.requests.list()[0]?.url ?? "", /author_id=\d+&order_by=created_at&sort=desc/);
  });

  it("is found although a clock is off by a day, and behind many others", async (t) => {
    const { write, source } = await setWriteStage(t);
    const dayMs = 24 * 60 * 60_000;
    for (const firstSentAt of [Date.now() - dayMs, Date.now() + dayMs]) {
      const mark = sentMark(firstSentAt);
      await write.create(source, blankDraft, mark);
      assert.equal((await write.findCreated(source, blankDraft, mark)).length, 1);
    }
    const mark = sentMark();
    await write.create(source, blankDraft, mark);
    for (let index = 0; index < 120; index++)
      await write.create(source, { ...blankDraft, title: `${index}` }, newMark());
    assert.equal((await write.findCreated(source, blankDraft, mark)).length, 1);
  });
});
