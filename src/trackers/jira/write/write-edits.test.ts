import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { blankDraft } from "../../../../test/support/blank-draft.ts";
import { createVirtualClock } from "../../../../test/support/virtual-clock.ts";
import type { NativeIssue } from "../../../domain/issue.ts";
import { hasCode } from "../../conformance/assert-code.ts";
import { emptyDraft } from "../../conformance/drafts.ts";
import { createMirror } from "../../conformance/mirror.ts";
import { newMark, sentMark } from "../../conformance/operation-mark.ts";
import { readIssue } from "../../conformance/read-issue.ts";
import { setStage } from "../../conformance/stage.ts";
import { setWriterStage } from "../../conformance/writer-stage.ts";
import { jiraCloudSubject, jiraSubjects } from "../subject.ts";

for (const subject of jiraSubjects) {
  describe(`writing to ${subject.label}`, () => {
    it("needs no lookup for a change of fields, and one for a move or an edit of a comment", async (t) => {
      const stage = await setWriterStage(t, subject);
      const { source, write } = stage;
      const { nativeId, key } = stage.emulator.world.create(source.key, { title: "Plain", state: "To Do" });
      const issue = await stage.read({ nativeId, key });
      const person = stage.schema.vocabulary.people[1]?.id ?? "";
      const edit = {
        title: "t",
        body: "b",
        dueDate: "2031-01-02",
        addAssignees: [person],
        addLabels: [stage.labelRef("x")],
      };
      const steps = await write.plan(source, issue, edit);
      assert.equal(await stage.count(() => stage.perform(issue, steps)), 1);
      const stateId = stage.schema.vocabulary.states.find(({ name }) => name === "In Progress")?.id ?? "";
      const [move] = await write.plan(source, issue, { stateId });
      assert.equal(await stage.count(async () => move && (await write.perform(source, issue, move))), 2);
      const { comment } = await write.comment(source, stage.address(issue), "a", newMark());
      assert.equal(await stage.count(() => write.editComment(source, stage.address(issue), comment.id, "b")), 2);
      assert.equal(await stage.count(() => write.create(source, emptyDraft(stage), newMark())), 2);
    });

    it("changes an open issue's fields before the move, and removes labels of the old status after it", async (t) => {
      const stage = await setWriterStage(t, subject);
      const { nativeId, key } = stage.emulator.world.create(stage.source.key, { title: "a", labels: ["old"] });
      const issue = await stage.read({ nativeId, key });
      const stateId = stage.schema.vocabulary.states.find(({ name }) => name === "Done")?.id ?? "";
      const edit = { title: "b", stateId, addLabels: [stage.labelRef("new")], removeLabels: [stage.labelRef("old")] };
      const steps = await stage.write.plan(stage.source, issue, edit);
      assert.deepEqual(
        steps.map(({ name }) => name),
        ["title, add labels", "move", "remove labels"],
      );
      const after = await stage.apply(issue, edit);
      assert.deepEqual([after.title, after.stateId, after.labelIds], ["b", stateId, ["new"]]);
      const back = await stage.write.plan(stage.source, after, { title: "c", stateId: issue.stateId });
      assert.deepEqual(
        back.map(({ name }) => name),
        ["move", "title"],
        "what is finished may not be changed",
      );
    });

    it("refuses a label of several words before sending", async (t) => {
      const stage = await setWriterStage(t, subject);
      const [issue] = stage.issues;
      assert.ok(issue);
      const edit = { addLabels: [stage.labelRef("two words")] };
      await assert.rejects(
        stage.write.plan(stage.source, issue, edit),
        hasCode("invalid_input", ({ hint }) => hint === "Write it as two-words."),
      );
    });

    it("keeps the images of an edited text", async (t) => {
      const stage = await setWriterStage(t, subject);
      const { world } = stage.emulator;
      const [shown] = stage.issues.filter(({ body }) => body.includes("!["));
      assert.ok(shown, "the seed shows pictures");
      const issue = await stage.read(shown);
      const nativeOf = () => world.issues().find(({ nativeId }) => nativeId === issue.nativeId)?.nativeBody ?? "";
      const picture = /"id":"media-\d+"|![^!]+\|thumbnail!/.exec(nativeOf())?.[0];
      assert.ok(picture);
      const after = await stage.apply(issue, { body: `Before.\n\n${issue.body}\n\nAnd **more**.` });
      await stage.sameText(after.body, `Before.\n\n${issue.body}\n\nAnd **more**.`);
      assert.ok(nativeOf().includes(picture), nativeOf());
    });

    it("finds the result of a lost create by another clock, and only its own", async (t) => {
      const clock = createVirtualClock();
      const stage = await setStage(t, subject, { issues: 10, clock });
      const { connection, source, emulator, open: openAgain } = stage;
      const { write } = connection;
      const schema = await connection.describe(source, {});
      assert.ok(write);
      const draft = { ...blankDraft, title: "Lost", type: schema.types[0]?.name ?? "" };
      // This machine's clock is a day behind the server's.
      const behind = createVirtualClock(clock.now() - 24 * 60 * 60_000);
      const late = openAgain({ clock: behind }).connection.write;
      const mark = sentMark(behind.now());
      const { issue } = await write.create(source, draft, mark);
      emulator.world.create(source.key, { title: "Lost" });
      const found = await late?.findCreated(source, draft, mark);
      assert.deepEqual(
        found?.map((one) => one.issue.nativeId),
        [issue.nativeId],
      );
    });

    it("is not reverted by a search that lags behind its own write", async (t) => {
      const clock = createVirtualClock();
      const stage = await setStage(t, subject, { issues: 20, clock });
      const { connection, source, emulator } = stage;
      const mirror = createMirror();
      await mirror.pull(connection, source);
      emulator.world.lagSearch?.(120_000);
      const [issue] = [...mirror.issues.values()].filter(({ version }) => version === null);
      assert.ok(issue && connection.write);
      await clock.advance(5_000);
      const [step] = await connection.write.plan(source, issue, { title: "Written here" });
      assert.ok(step);
      await connection.write.perform(source, issue, step);
      const written = await readIssue(connection, source, issue);
      emulator.requests.clear();
      // As after a restart: it knows of the write only from the stored operations.
      const restarted = stage.open({ clock }).connection;
      await restarted.recall?.([{ nativeId: issue.nativeId, updatedAt: written.updatedAt }]);
      for (let poll = 0; poll < 6; poll++) {
        // From the beginning: the search returns every issue, this one in its old state.
        const { pages } = await createMirror().pull(poll % 2 === 0 ? connection : restarted, source);
        const shown: readonly NativeIssue[] = pages
          .flatMap(({ changes }) => changes)
          .filter(({ nativeId }) => nativeId === issue.nativeId);
        assert.deepEqual(
          shown.map(({ title }) => title).filter((title) => title !== "Written here"),
          [],
        );
        if (poll === 5) assert.equal(shown.length, 1, "the search has caught up");
        await clock.advance(30_000);
      }
      const reconciled = emulator.requests
        .list()
        .filter(({ body }) => body.includes(`"reconcileIssues":[${issue.nativeId}]`));
      assert.equal(reconciled.length > 0, subject === jiraCloudSubject);
    });

    it("is not reverted by a search that lags behind its own move", async (t) => {
      const clock = createVirtualClock();
      const { connection, source, emulator } = await setStage(t, subject, { issues: 20, clock });
      const mirror = createMirror();
      await mirror.pull(connection, source);
      const { write } = connection;
      assert.ok(write?.choices);
      const states = [...new Set([...mirror.issues.values()].map(({ stateId }) => stateId))];
      const [issue] = [...mirror.issues.values()].filter(({ closedAt }) => closedAt === null);
      assert.ok(issue);
      const others = states.filter((id) => id !== issue.stateId);
      const [way] = (await write.choices(source, issue, others)).filter(({ fields }) => fields.length === 0);
      assert.ok(way);
      emulator.world.lagSearch?.(120_000);
      await clock.advance(5_000);
      const [step] = await write.plan(source, issue, { stateId: way.stateId, transition: way.id });
      assert.ok(step);
      await write.perform(source, issue, step);
      assert.equal((await readIssue(connection, source, issue)).stateId, way.stateId);
      for (let poll = 0; poll < 6; poll++) {
        const { pages } = await createMirror().pull(connection, source);
        const shown: readonly NativeIssue[] = pages
          .flatMap(({ changes }) => changes)
          .filter(({ nativeId }) => nativeId === issue.nativeId);
        for (const { stateId } of shown) assert.equal(stateId, way.stateId);
        if (poll === 5) assert.equal(shown.length, 1, "the search has caught up");
        await clock.advance(30_000);
      }
    });
  });
}
