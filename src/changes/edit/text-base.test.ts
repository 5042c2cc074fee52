import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { IssuePatch } from "../changes.ts";
import { makeIssue } from "../../../test/support/store-fixtures.ts";
import { openChangesStage, you } from "../../../test/support/changes-stage.ts";

describe("a patch", () => {
  it("compares a text with the one it started from, and undo restores the shown one", async () => {
    const stage = await openChangesStage({ alpha: { title: "Theirs", body: "one\r\ntwo\n" } });
    try {
      const id = await stage.id("app#1");
      const edit = (patch: IssuePatch) => stage.changes.edit(id, patch, you);
      const fields = async () =>
        (await stage.store.outbox.list()).map(
          ({ fields: [change] }) => change && "from" in change && [change.from, change.to],
        );
      await edit({ title: "Theirs", base: { title: "Before" } });
      assert.deepEqual(await fields(), [], "it is so already");
      await edit({ body: "one\ntwo\nthree", base: { body: "one\ntwo" } });
      assert.deepEqual(await fields(), [["one\r\ntwo\n", "one\ntwo\nthree"]], "only its line ends differ");
      await stage.changes.undo(you);
      assert.deepEqual(await fields(), []);

      await edit({ title: "Mine", base: { title: "Before" } });
      assert.deepEqual(await fields(), [["Before", "Mine"]]);
      await edit({ title: "Mine, again", base: { title: "Mine" } });
      assert.deepEqual(await fields(), [["Before", "Mine, again"]], "it goes on with what was written");
      await edit({ title: "Another tab's", base: { title: "Before" } });
      assert.deepEqual(await fields(), [
        ["Before", "Mine, again"],
        ["Before", "Another tab's"],
      ]);
      assert.equal((await stage.store.outbox.issue(id)).shown.title, "Another tab's");
      await stage.changes.undo(you);
      assert.equal((await stage.store.outbox.issue(id)).shown.title, "Mine, again");
      await stage.changes.undo(you);
      await stage.changes.undo(you);
      assert.equal((await stage.store.outbox.issue(id)).shown.title, "Theirs");
    } finally {
      await stage.close();
    }
  });

  it("queues a text that did not start from a new issue's own behind its create", async () => {
    const stage = await openChangesStage();
    try {
      const { issueId } = await stage.changes.create({ source: "acme/app", title: "Made" }, you);
      await stage.changes.edit(issueId, { title: "Mine", base: { title: "Made" } }, you);
      await stage.changes.edit(issueId, { title: "Theirs", base: { title: "Made" } }, you);
      await stage.changes.edit(issueId, { title: "Theirs, again" }, you);
      const operations = await stage.store.outbox.list();
      assert.deepEqual(
        operations.map(({ kind, payload, fields }) => [kind, payload.draft?.title, fields]),
        [
          ["create", "Mine", []],
          ["edit", undefined, [{ field: "title", from: "Made", to: "Theirs, again" }]],
        ],
      );
      const named = { issue: makeIssue(9, { title: "Mine" }), seen: {}, requestedAt: 0 };
      await stage.store.outbox.sending.named(operations[0]?.id ?? 0, named, []);
      const [edit] = await stage.store.outbox.listOf(issueId);
      assert.deepEqual(
        edit?.fields,
        [{ field: "title", from: "Made", to: "Theirs, again" }],
        "it is not “Mine” it meant",
      );
    } finally {
      await stage.close();
    }
  });
});
