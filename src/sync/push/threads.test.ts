import assert from "node:assert/strict";
import { test } from "node:test";
import { startEmulator } from "../../../emulators/start.ts";
import { openChangingMirror } from "../../../test/support/changing-mirror.ts";
import { readAllCards } from "../../../test/support/compare.ts";

const you = { actor: { kind: "user" }, session: "s1" } as const;

test("a deleted reply is sent anew into its thread, also where that was sent anew itself", async (t) => {
  const emulator = await startEmulator("linear", { issues: 5, seed: 7, budget: 1_000_000 });
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
  // Replies are written in Linear itself.
  const answer = await fetch(emulator.credentials["LINEAR_API_URL"] ?? "", {
    method: "POST",
    headers: { authorization: emulator.credentials["LINEAR_API_KEY"] ?? "", "content-type": "application/json" },
    body: JSON.stringify({
      query: "mutation($input: CommentCreateInput!) { commentCreate(input: $input) { success } }",
      variables: { input: { issueId: card.nativeId, parentId: root.id, body: "An answer" } },
    }),
  });
  assert.equal(answer.status, 200);
  await sync.refreshIssue(card.id);
  const reply = await only("An answer");
  assert.equal(reply.replyTo, root.id);

  for (const { id } of [reply, root]) await changes.deleteComment(card.id, id, you);
  await sync.deliver(20_000);
  assert.deepEqual([await named("A question"), await named("An answer")], [[], []]);
  await changes.undo(you);
  await changes.undo(you);
  await sync.deliver(20_000);
  await sync.refreshIssue(card.id);
  const again = await only("A question");
  assert.notEqual(again.id, root.id);
  assert.equal((await only("An answer")).replyTo, again.id);
});
