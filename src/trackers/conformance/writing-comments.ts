import assert from "node:assert/strict";
import type { NativeComment, NativeIssue } from "../../domain/issue.ts";
import { PanopticonError } from "../../domain/error.ts";
import type { Register } from "./register.ts";
import type { Subject } from "./stage.ts";
import { registerWriter, sample, type WriterStage } from "./writer-stage.ts";
import { newMark, sentMark } from "./operation-mark.ts";
import { isUncertain } from "./assert-code.ts";

/** Comments: new, edited, deleted, and those whose response was lost. */
export function testCommenting(it: Register, subject: Subject): void {
  const writes = registerWriter(it, subject);
  const { comments: can } = subject.definition.writing;

  writes("creates a comment as the account, in one request", async (stage) => {
    const issue = sample(stage);
    const before = await readComments(stage, issue);
    const body = "A comment with **bold** words, 日本語 and 🎉.\n\n- and\n- a list";
    let written: NativeComment | undefined;
    const sent = await stage.count(async () => {
      const answer = await stage.write.comment(stage.source, stage.address(issue), body, newMark());
      written = answer.comment;
      assert.ok((answer.seen.people ?? []).some(({ id }) => id === answer.comment.authorId));
    });
    assert.equal(sent, 1);
    await stage.sameText(written?.body, body);
    assert.equal(written?.authorId, stage.account.id);
    const after = await readComments(stage, issue);
    assert.equal(after.length, before.length + 1);
    assert.deepEqual(
      after.find(({ id }) => id === written?.id),
      written,
    );
    const really = stage.emulator.world.comments?.(issue.nativeId).find(({ id }) => id === written?.id);
    assert.equal(really?.login, stage.account.login);
  });

  writes(can.reply ? "writes a reply in its thread, and finds it there" : "has no threads", async (stage) => {
    const issue = stage.address(sample(stage));
    const reply = (to: string, mark = newMark()) =>
      stage.write.comment(stage.source, issue, "An answer", mark, undefined, to);
    const { comment: root } = await stage.write.comment(stage.source, issue, "A question", newMark());
    const mark = sentMark();
    const { comment } = await reply(root.id, mark);
    assert.equal(comment.replyTo, can.reply ? root.id : undefined);
    const listed = await readComments(stage, sample(stage));
    assert.deepEqual(
      listed.find(({ id }) => id === comment.id),
      comment,
    );
    const found = await stage.write.findComments(stage.source, issue, "An answer", mark);
    assert.deepEqual(
      found.map((one) => one.comment.id),
      [comment.id],
    );
    if (!can.reply) return;
    await stage.write.deleteComment(stage.source, issue, comment.id);
    await stage.write.deleteComment(stage.source, issue, root.id);
    assert.equal((await reply(root.id)).comment.replyTo, undefined, "its thread is gone: it starts one");
  });

  for (const kind of ["lost-answer", "error-after"] as const) {
    writes(`finds the comment created with ${kind}`, async (stage) => {
      const issue = stage.address(sample(stage));
      const mark = sentMark();
      const body = "Was it made?";
      stage.emulator.faults.add({ kind, ...stage.writing.requests.comment });
      const sent = await stage.count(() =>
        assert.rejects(stage.write.comment(stage.source, issue, body, mark), isUncertain()),
      );
      assert.equal(sent, 1, "sent once");
      // Another user writes the same text.
      stage.emulator.world.comment(issue.nativeId, body);
      const found = await stage.write.findComments(stage.source, issue, body, mark);
      assert.equal(found.length, 1);
      await stage.sameText(found[0]?.comment.body, body);
      assert.equal(found[0]?.comment.authorId, stage.account.id);
      assert.deepEqual(await stage.write.findComments(stage.source, issue, body, sentMark()), []);
    });
  }

  writes("finds no comment that never arrived or was never sent", async (stage) => {
    const issue = stage.address(sample(stage));
    const mark = sentMark();
    stage.emulator.faults.add({ kind: "drop", ...stage.writing.requests.comment });
    await assert.rejects(stage.write.comment(stage.source, issue, "Was it made?", mark), isUncertain());
    assert.deepEqual(await stage.write.findComments(stage.source, issue, "Was it made?", mark), []);
    const never = await stage.count(async () => {
      assert.deepEqual(await stage.write.findComments(stage.source, issue, "Was it made?", newMark()), []);
    });
    assert.equal(never, 0);
  });

  writes("finds both duplicates of a comment", async (stage) => {
    const issue = stage.address(sample(stage));
    const mark = sentMark();
    const first = await stage.write.comment(stage.source, issue, "Twice", mark);
    const second = await stage.write.comment(stage.source, issue, "Twice", mark);
    const found = await stage.write.findComments(stage.source, issue, "Twice", mark);
    assert.deepEqual(
      found.map(({ comment }) => comment.id),
      [first.comment.id, second.comment.id],
    );
  });

  writes("keeps the mark of a comment invisible", async (stage) => {
    const issue = sample(stage);
    for (const body of ["Plain", "```\nan open fence", "<details>\n\nopen", "> quoted", "- [ ] task"]) {
      const mark = sentMark();
      const { comment } = await stage.write.comment(stage.source, stage.address(issue), body, mark);
      assert.ok(!JSON.stringify(comment).includes(mark.id));
      assert.ok(!JSON.stringify(await readComments(stage, issue)).includes(mark.id));
      const kept = stage.emulator.world.comments?.(issue.nativeId).find(({ id }) => id === comment.id);
      assert.ok(kept);
      assert.ok(!stage.writing.shown(kept.body).includes(mark.id), `people see ${stage.writing.shown(kept.body)}`);
    }
  });

  if (can.edit) {
    writes("edits the account's own comment", async (stage) => {
      const issue = sample(stage);
      const address = stage.address(issue);
      const { comment } = await stage.write.comment(stage.source, address, "First", newMark());
      const edited = await stage.write.editComment(stage.source, address, comment.id, "Second");
      assert.equal(edited.comment.id, comment.id);
      await stage.sameText(edited.comment.body, "Second");
      const read = (await readComments(stage, issue)).find(({ id }) => id === comment.id);
      assert.deepEqual(read, edited.comment);
    });
  }

  if (can.delete) {
    writes("deletes a comment, and succeeds if it is already gone", async (stage) => {
      const issue = sample(stage);
      const address = stage.address(issue);
      const before = (await readComments(stage, issue)).map(({ id }) => id);
      const { comment } = await stage.write.comment(stage.source, address, "Only for a moment", newMark());
      await stage.write.deleteComment(stage.source, address, comment.id);
      await stage.write.deleteComment(stage.source, address, comment.id);
      assert.deepEqual(
        (await readComments(stage, issue)).map(({ id }) => id),
        before,
      );
      const failure = await stage.write
        .editComment(stage.source, address, comment.id, "Too late")
        .catch((error: unknown) => error);
      assert.ok(failure instanceof PanopticonError && ["not_found", "gone"].includes(failure.code), String(failure));
    });
  }
}

async function readComments(stage: WriterStage, { nativeId, key }: NativeIssue): Promise<NativeComment[]> {
  const pages = await Array.fromAsync(stage.connection.comments(stage.source, nativeId, key));
  return pages.flatMap(({ comments }) => comments);
}
