import assert from "node:assert/strict";
import type { NativeIssue } from "../../domain/issue.ts";
import type { OperationMark } from "../tracker.ts";
import { isUncertain, hasCode } from "./assert-code.ts";
import { createMirror } from "./mirror.ts";
import type { Register } from "./register.ts";
import { assertParent } from "./writing-fields.ts";
import { reach } from "./writing-moves.ts";
import type { Subject } from "./stage.ts";
import { registerWriter, sample, type WriterStage } from "./writer-stage.ts";
import { newMark, sentMark } from "./operation-mark.ts";
import { emptyDraft, creatableTypes, fullDraft, restOf } from "./drafts.ts";

/** New issues, and those whose response was lost. */
export function testCreating(it: Register, subject: Subject): void {
  const writes = registerWriter(it, subject);
  const { writing } = subject.definition;

  writes("creates an issue of every type from only a title", async (stage) => {
    for (const type of creatableTypes(stage)) {
      const draft = { ...emptyDraft(stage, type), title: `A new ${type.name}` };
      const { issue } = await stage.write.create(stage.source, draft, newMark());
      assert.equal(issue.title, draft.title);
      assert.equal(issue.type, type.name);
      assert.equal(issue.body, "");
      const read = await stage.read(issue);
      assert.deepEqual(
        { ...read, relations: null, attachments: null },
        { ...issue, relations: null, attachments: null },
      );
      const kept = stage.emulator.world.issues(stage.source.key).find(({ nativeId }) => nativeId === issue.nativeId);
      assert.equal(kept?.title, draft.title);
      assert.equal(issue.authorId, stage.account.id);
    }
  });

  writes("creates an issue with all fields, and plans what a create cannot set", async (stage) => {
    for (const type of creatableTypes(stage)) {
      const draft = fullDraft(stage, type);
      const { issue, seen } = await stage.write.create(stage.source, draft, newMark());
      // Like the outbox: a tracker that returns labels by id names a new one here.
      stage.learn(seen);
      let after = await stage.apply(await stage.read(issue), restOf(stage, draft, issue));
      if (draft.stateId !== null && draft.stateId !== after.stateId) {
        assert.ok(writing.choices, "the state");
        after = await reach(stage, after, "done");
      }
      assert.equal(after.title, draft.title);
      await stage.sameText(after.body, draft.body);
      assert.equal(after.type, type.name);
      if (!writing.choices && draft.stateId !== null) assert.equal(after.stateId, draft.stateId);
      if (draft.nativePriority !== null) assert.equal(after.nativePriority, draft.nativePriority);
      assert.deepEqual(stage.labelNames(after).toSorted(), draft.labels.map(({ name }) => name).toSorted());
      assert.deepEqual(after.assigneeIds.toSorted(), draft.assigneeIds.toSorted());
      assert.equal(after.cycleId, draft.cycleId);
      assert.equal(after.dueDate, draft.dueDate);
      assert.equal(after.estimate, draft.estimate);
      assertParent(after, draft.parent);
    }
  });

  for (const kind of ["lost-answer", "error-after"] as const) {
    writes(`finds the issue created with ${kind}`, async (stage) => {
      const draft = { ...emptyDraft(stage), title: "Was it made?", body: "Some text" };
      const mark = sentMark();
      const before = stage.emulator.world.issues(stage.source.key).length;
      stage.emulator.faults.add({ kind, ...stage.writing.requests.create });
      const sent = await stage.count(() =>
        assert.rejects(stage.write.create(stage.source, draft, mark), isUncertain()),
      );
      assert.equal(sent, 1, "sent once");
      assert.equal(stage.emulator.world.issues(stage.source.key).length, before + 1);
      const found = await stage.write.findCreated(stage.source, draft, mark);
      assert.equal(found.length, 1);
      assert.equal(found[0]?.issue.title, draft.title);
      await stage.sameText(found[0]?.issue.body, draft.body);
      assert.deepEqual(await stage.write.findCreated(stage.source, draft, sentMark()), [], "another operation's");
    });
  }

  writes("finds nothing if the create never arrived or was never sent", async (stage) => {
    const draft = { ...emptyDraft(stage), title: "Was it made?" };
    const mark = sentMark();
    stage.emulator.faults.add({ kind: "drop", ...stage.writing.requests.create });
    await assert.rejects(stage.write.create(stage.source, draft, mark), isUncertain());
    assert.deepEqual(await stage.write.findCreated(stage.source, draft, mark), []);
    const never = await stage.count(async () => {
      assert.deepEqual(await stage.write.findCreated(stage.source, draft, newMark()), []);
    });
    assert.equal(never, 0, "what was never sent is not looked for");
    // The same text by another user does not match.
    stage.emulator.world.create(stage.source.key, { title: draft.title });
    assert.deepEqual(await stage.write.findCreated(stage.source, draft, mark), []);
  });

  writes("finds both duplicates of an issue, the older one first", async (stage) => {
    const draft = { ...emptyDraft(stage), title: "Made twice" };
    const mark = sentMark();
    const first = await stage.write.create(stage.source, draft, mark);
    const second = await stage.write.create(stage.source, draft, mark);
    const found = await stage.write.findCreated(stage.source, draft, mark);
    assert.deepEqual(
      found.map(({ issue }) => issue.nativeId),
      [first.issue.nativeId, second.issue.nativeId],
    );
  });

  writes("keeps the mark of a create invisible, also when the text is edited", async (stage) => {
    for (const body of ["Plain text", "", "```\nan open fence", "<details>\n\n- [ ] open", "<!-- an open comment"]) {
      const mark = sentMark();
      const draft = { ...emptyDraft(stage), title: "Marked", body };
      const { issue } = await stage.write.create(stage.source, draft, mark);
      assert.ok(!JSON.stringify({ ...issue, version: null, madeBy: null }).includes(mark.id));
      const read = await stage.read(issue);
      assert.ok(!JSON.stringify({ ...read, version: null, madeBy: null }).includes(mark.id));
      assertUnseen(stage, issue, mark);
      const edited = await stage.apply(read, { body: "Quite another text" });
      await stage.sameText(edited.body, "Quite another text");
      assertUnseen(stage, issue, mark);
      assert.equal((await stage.write.findCreated(stage.source, draft, mark)).length, 1);
    }
  });

  writes("returns with an issue which operation created it, also after an edit of the text", async (stage) => {
    const mark = sentMark();
    const { issue } = await stage.write.create(stage.source, { ...emptyDraft(stage), title: "Marked" }, mark);
    assert.equal(issue.madeBy, mark.id);
    const edited = await stage.apply(await stage.read(issue), { body: "Quite another text" });
    assert.equal(edited.madeBy, mark.id);
    const theirs = await stage.read(sample(stage));
    assert.ok(theirs.madeBy == null || theirs.madeBy === theirs.nativeId);
  });

  writes("returns in its lists which operation created an issue", async (stage) => {
    const mark = sentMark();
    const { issue } = await stage.write.create(stage.source, { ...emptyDraft(stage), title: "Marked" }, mark);
    const mirror = createMirror();
    await mirror.pull(stage.connection, stage.source);
    assert.equal(mirror.issues.get(issue.nativeId)?.madeBy, mark.id);
  });

  writes("keeps Unicode and hostile texts", async (stage) => {
    for (const [title, body] of hostile) {
      const draft = { ...emptyDraft(stage), title, body };
      const { issue } = await stage.write.create(stage.source, draft, newMark());
      const read = await stage.read(issue);
      assert.equal(read.title, title);
      await stage.sameText(read.body, body);
      const other = await stage.apply(await stage.read(sample(stage)), { title, body });
      assert.equal(other.title, title);
      await stage.sameText(other.body, body);
    }
  });

  writes("writes a body of a megabyte, or reports in plain words that it is too long", async (stage) => {
    const body = "A line of text that goes on.\n".repeat(Math.ceil((1024 * 1024) / 29));
    const before = await stage.read(sample(stage));
    const outcome = await stage.apply(before, { body }).catch((error: unknown) => error);
    if (outcome instanceof Error) {
      hasCode("invalid_input", /long|large|size|exceed|maximum/i)(outcome);
      assert.equal((await stage.read(before)).body, before.body);
    } else await stage.sameText((await stage.read(before)).body, body);
    const draft = { ...emptyDraft(stage), title: "Large", body };
    const created = await stage.write.create(stage.source, draft, newMark()).catch((error: unknown) => error);
    if (outcome instanceof Error) hasCode("invalid_input")(created);
    else assert.ok(!(created instanceof Error), String(created));
  });
}

const hostile: readonly (readonly [title: string, body: string])[] = [
  ["\"quotes\" 'single' `back` <b>tags</b> &amp; &lt;", "A <b>bold</b> claim &amp; an entity"],
  ["日本語のタイトル 👩‍👩‍👧‍👦 Ünïcödé ﷽", "日本語の本文 👩‍👩‍👧‍👦\n\nÜnïcödé"],
  ["' OR 1=1; DROP TABLE issues; --", "' OR 1=1; DROP TABLE issues; --"],
  ["#45 owner/repo#1 MIN-123 @someone", "See #45, owner/repo#1 and MIN-123."],
  ["a".repeat(200), "b".repeat(30_000)],
  ["0", "0"],
];

function assertUnseen(stage: WriterStage, issue: NativeIssue, mark: OperationMark): void {
  const kept = stage.emulator.world.issues(stage.source.key).find(({ nativeId }) => nativeId === issue.nativeId);
  assert.ok(kept);
  const shown = stage.writing.shown(kept.nativeBody ?? kept.body) + kept.title + kept.labels.join();
  assert.ok(!shown.includes(mark.id), `people see ${shown}`);
}
