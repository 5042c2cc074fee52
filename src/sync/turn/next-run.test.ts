import assert from "node:assert/strict";
import { test } from "node:test";
import { startEmulator } from "../../../emulators/start.ts";
import { readAllCards } from "../../../test/support/compare.ts";
import { createTestMirror } from "../../../test/support/mirror.ts";

test("after a first run of several transactions, the next one reads what changed since, not the rest of the first again", async (t) => {
  const emulator = await startEmulator("github", { issues: 1_200, seed: 5, sources: 1 });
  t.after(() => emulator.close());
  const mirror = await createTestMirror([emulator]);
  t.after(() => mirror.close());
  assert.deepEqual((await mirror.sync.syncNow()).failures, []);
  const [open = assert.fail()] = emulator.world.issues().filter(({ closed }) => !closed);
  emulator.world.edit(open.nativeId, { title: "Changed after the first run" });
  emulator.requests.clear();
  assert.deepEqual((await mirror.sync.syncNow()).failures, []);
  const cards = await readAllCards(mirror.store);
  assert.equal(cards.find(({ nativeId }) => nativeId === open.nativeId)?.title, "Changed after the first run");
  const lists = emulator.requests.list().filter(({ url }) => url.includes("sort=updated"));
  assert.deepEqual(
    lists.map(({ url }) => [new URL(url, emulator.url).searchParams.get("state"), url.includes("since=")]),
    [["all", true]],
  );
});
