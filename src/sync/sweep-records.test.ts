import assert from "node:assert/strict";
import { test } from "node:test";
import { startEmulator } from "../../emulators/start.ts";
import { readAllCards } from "../../test/support/compare.ts";
import { createTestMirror } from "../../test/support/mirror.ts";

test("a label that changed without moving the update time reaches the board with the sweep", async (t) => {
  const emulator = await startEmulator("gitlab", { issues: 40, seed: 7, sources: 1 });
  t.after(() => emulator.close());
  const mirror = await createTestMirror([emulator]);
  t.after(() => mirror.close());
  await mirror.sync.syncNow();
  const issue = emulator.world
    .issues()
    .find(({ closed, labels }) => !closed && !labels.some((name) => name.includes("workflow")));
  assert.ok(issue);
  const card = async () => (await readAllCards(mirror.store)).find(({ nativeId }) => nativeId === issue.nativeId);
  assert.equal((await card())?.status, "backlog");

  emulator.world.edit(issue.nativeId, { labels: ["workflow::in review"], updatedAt: issue.updatedAt });
  await mirror.sync.syncNow();
  assert.equal((await card())?.status, "backlog", "a poll cannot see it");
  const { changed } = await mirror.sync.syncNow({ sweep: true });
  assert.equal(changed, 1);
  assert.equal((await card())?.status, "in_review");
  assert.equal((await mirror.sync.syncNow({ sweep: true })).changed, 0);
});
