import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { blankDraft } from "../../../../test/support/blank-draft.ts";
import { newMark } from "../../conformance/operation-mark.ts";
import { gitlabSubject, selfManagedSubject } from "../subject.ts";
import { setWriteStage } from "./write-stage.ts";

describe("quick actions in written texts", () => {
  for (const variant of ["gitlab.com", "self-managed-15"]) {
    it(`stay text: nothing is executed, nothing is lost (${variant})`, async (t) => {
      const subject = variant === "gitlab.com" ? gitlabSubject : selfManagedSubject;
      const { write, source, apply, read, emulator, connection, address } = await setWriteStage(t, subject, {
        variant,
      });
      const body = "/close\n\nThen:\n/title Gone\n\n```\n/label ~bug\n```\n\n~~~\n/reopen\n~~~";
      const { issue } = await write.create(source, { ...blankDraft, body }, newMark());
      assert.equal(issue.body, body);
      const other = await read(emulator.world.issues(source.key)[0] ?? assert.fail());
      const [edited] = await apply(other, { body });
      assert.equal(edited?.issue.body, body);
      const { comment } = await write.comment(source, address(issue), "/close", newMark());
      assert.equal(comment.body, "/close");
      const changed = await write.editComment(source, address(issue), comment.id, "/shrug\n/close");
      assert.equal(changed.comment.body, "/shrug\n/close");
      const after = await read(issue);
      assert.deepEqual(
        [after.title, after.stateId, after.labelIds, after.body],
        [blankDraft.title, "opened", [], body],
      );
      const pages = await Array.fromAsync(connection.comments(source, issue.nativeId, issue.key));
      assert.deepEqual(
        pages.flatMap(({ comments }) => comments.map((one) => one.body)),
        ["/shrug\n/close"],
      );
    });
  }
});

describe("texts", () => {
  it("are compared by what GitLab keeps of them", async (t) => {
    const { make, apply, write, source, read } = await setWriteStage(t);
    const issue = await make({ title: "Texts" });
    const [answer] = await apply(issue, { body: "a\r\nb\n\n" });
    assert.equal(answer?.issue.body, "a\nb");
    assert.deepEqual(await write.plan(source, await read(issue), { body: "a\r\nb\n\n" }), []);
    assert.equal(await write.sameText?.("a\r\nb\n\n", "a\nb"), true);
  });

  it("write their project's uploads as GitLab's editor does", async (t) => {
    const { emulator, make, apply, read, write, source } = await setWriteStage(t);
    const issue = await make({ title: "With a picture", body: "Before" });
    const file = { name: "a.png", contentType: "image/png", content: new Uint8Array([1]) };
    const address = emulator.world.attach?.(issue.nativeId, file) ?? "";
    const shown = await read(issue);
    assert.ok(shown.body.includes(`](${address})`));
    emulator.requests.clear();
    await apply(shown, { body: `${shown.body}\n\nAfter` });
    assert.match(emulator.requests.list()[0]?.body ?? "", /\]\(\/uploads\//);
    const after = await read(issue);
    assert.equal(after.body, `${shown.body}\n\nAfter`);
    assert.equal(after.attachments?.[0]?.url, address);
    assert.deepEqual(await write.plan(source, after, { body: after.body }), []);
  });
});
