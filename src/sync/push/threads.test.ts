import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Emulator } from "../../../emulators/emulator.ts";
import { startEmulator } from "../../../emulators/start.ts";
import { openChangingMirror } from "../../../test/support/changing-mirror.ts";
import { readAllCards } from "../../../test/support/compare.ts";

const you = { actor: { kind: "user" }, session: "s1" } as const;

type Asked = { readonly issueId: string; readonly project: string; readonly iid: string; readonly rootId: string };

/** Replies to a comment in the tracker itself. */
const trackers: Readonly<Record<string, (emulator: Emulator, asked: Asked, body: string) => Promise<number>>> = {
  linear: async ({ credentials }, { issueId, rootId }, body) => {
    const { status } = await fetch(credentials["LINEAR_API_URL"] ?? "", {
      method: "POST",
      headers: { authorization: credentials["LINEAR_API_KEY"] ?? "", "content-type": "application/json" },
      body: JSON.stringify({
        query: "mutation($input: CommentCreateInput!) { commentCreate(input: $input) { success } }",
        variables: { input: { issueId, parentId: rootId, body } },
      }),
    });
    return status;
  },
  gitlab: async ({ credentials }, { project, iid, rootId }, body) => {
    const headers = { "private-token": credentials["GITLAB_TOKEN"] ?? "", "content-type": "application/json" };
    const url = `${credentials["GITLAB_URL"]}/api/v4/projects/${encodeURIComponent(project)}/issues/${iid}/discussions`;
    const list = (await (await fetch(`${url}?per_page=100`, { headers })).json()) as {
      readonly id: string;
      readonly notes: readonly { readonly id: number }[];
    }[];
    const { id } = list.find(({ notes }) => notes.some((note) => String(note.id) === rootId)) ?? assert.fail();
    const answer = await fetch(`${url}/${id}/notes`, { method: "POST", headers, body: JSON.stringify({ body }) });
    return answer.status;
  },
};

describe("a reply is written in its thread", () => {
  for (const tracker of Object.keys(trackers)) {
    test(`also before the thread's first comment was sent (${tracker})`, async (t) => {
      const emulator = await startEmulator(tracker, { issues: 5, seed: 8, budget: 1_000_000 });
      t.after(() => emulator.close());
      const { store, sync, changes } = await openChangingMirror(t, emulator);
      const [card = assert.fail()] = await readAllCards(store);
      const { commentId } = await changes.comment(card.id, "A question", you);
      const first = await changes.comment(card.id, "An answer", you, commentId);
      // To a reply: the thread is the same.
      await changes.comment(card.id, "Another answer", you, first.commentId);
      await sync.deliver(20_000);
      await sync.refreshIssue(card.id);
      const written = await store.comments.list(card.id);
      const find = (body: string) => written.find((one) => one.body === body) ?? assert.fail(`${body} is there`);
      const root = find("A question");
      assert.equal(root.pending, false);
      assert.equal(root.replyTo, undefined);
      for (const body of ["An answer", "Another answer"]) {
        assert.deepEqual([find(body).pending, find(body).replyTo], [false, root.id]);
      }
    });
  }
});

describe("undoing the deletion of a reply sends it to its thread again", () => {
  for (const [tracker, answerThere] of Object.entries(trackers)) {
    test(`even if the thread's first comment was sent again itself (${tracker})`, async (t) => {
      const emulator = await startEmulator(tracker, { issues: 5, seed: 7, budget: 1_000_000 });
      t.after(() => emulator.close());
      const { store, sync, changes } = await openChangingMirror(t, emulator);
      const [card = assert.fail()] = await readAllCards(store);
      const named = async (body: string) => (await store.comments.list(card.id)).filter((one) => one.body === body);
      const only = async (body: string) => {
        const [comment = assert.fail(`${body} is there`), ...others] = await named(body);
        assert.deepEqual(others, []);
        return comment;
      };
      await changes.comment(card.id, "A question", you);
      await sync.deliver(20_000);
      const root = await only("A question");
      const { key, sourceKey } =
        emulator.world.issues().find(({ nativeId }) => nativeId === card.nativeId) ?? assert.fail();
      const asked = { issueId: card.nativeId, project: sourceKey, iid: key.slice(1), rootId: root.id };
      assert.ok([200, 201].includes(await answerThere(emulator, asked, "An answer")));
      await sync.refreshIssue(card.id);
      const reply = await only("An answer");
      assert.equal(reply.replyTo, root.id);
      // The answer to an edit need not name the thread.
      await changes.editComment(card.id, reply.id, "A better answer", you);
      await sync.deliver(20_000);
      assert.equal((await only("A better answer")).replyTo, root.id);

      for (const { id } of [reply, root]) await changes.deleteComment(card.id, id, you);
      await sync.deliver(20_000);
      assert.deepEqual([await named("A question"), await named("A better answer")], [[], []]);
      await changes.undo(you);
      await changes.undo(you);
      await sync.deliver(20_000);
      await sync.refreshIssue(card.id);
      const again = await only("A question");
      assert.notEqual(again.id, root.id);
      assert.equal((await only("A better answer")).replyTo, again.id);
    });
  }
});
