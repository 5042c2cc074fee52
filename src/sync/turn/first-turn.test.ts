import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { emulatedTrackers, startEmulator } from "../../../emulators/start.ts";
import { createTestMirror } from "../../../test/support/mirror.ts";
import { readAllCards } from "../../../test/support/compare.ts";
import { subjectOf } from "../../trackers/conformance/subject-of.ts";

for (const tracker of emulatedTrackers) {
  test(`${tracker}: requests the first page of a new source while reading its vocabulary`, async () => {
    const { describe, list } = (await subjectOf(tracker)).questions;
    const emulator = await startEmulator(tracker, { issues: 30, seed: 5, sources: 1 });
    const mirror = await createTestMirror([emulator]);
    try {
      const isListed = () =>
        emulator.requests
          .list()
          .some(({ url, body }) => url.includes(list.path ?? "") && body.includes(list.body ?? ""));
      emulator.faults.add({ kind: "slow", ...describe, value: 4_000, times: Number.POSITIVE_INFINITY });
      const syncing = mirror.sync.syncNow();
      while (!isListed()) await setImmediate();
      const [source] = await mirror.store.sources.list();
      assert.equal(source?.info, null, "it is not described yet");
      assert.deepEqual(await readAllCards(mirror.store), []);
      await mirror.sync.stop();
      await syncing.catch(() => undefined);
    } finally {
      await mirror.close();
      await emulator.close();
    }
  });

  test(`${tracker}: shows nothing of a new source that cannot be described, and does not wait for its first page`, async () => {
    const { describe, list } = (await subjectOf(tracker)).questions;
    const emulator = await startEmulator(tracker, { issues: 30, seed: 5, sources: 1 });
    const mirror = await createTestMirror([emulator]);
    try {
      emulator.faults.add({ kind: "malformed-json", ...describe, times: Number.POSITIVE_INFINITY });
      emulator.faults.add({ kind: "slow", ...list, value: 4_000, times: Number.POSITIVE_INFINITY });
      const { failures } = await mirror.sync.syncNow();
      assert.deepEqual(
        failures.map(({ error }) => error.code),
        ["invalid_response"],
      );
      assert.deepEqual(await readAllCards(mirror.store), []);
      emulator.faults.clear();
      assert.deepEqual((await mirror.sync.syncNow()).failures, []);
      assert.equal((await readAllCards(mirror.store)).length, 30);
    } finally {
      await mirror.close();
      await emulator.close();
    }
  });
}

test("reads some pages of a new source ahead while reading its vocabulary, and stores all in order", async () => {
  const { describe, list } = (await subjectOf("github")).questions;
  const emulator = await startEmulator("github", { issues: 3_000, seed: 6, sources: 1 });
  const mirror = await createTestMirror([emulator]);
  try {
    const pagesRead = () =>
      emulator.requests.list().filter(({ url }) => url.startsWith("/repos/") && url.includes(list.path ?? "")).length;
    emulator.faults.add({ kind: "held", ...describe });
    const syncing = mirror.sync.syncNow();
    // Pages hold up to a hundred records, including pull requests; at most about a thousand issues are held, not all of them.
    while (pagesRead() < 10) await setImmediate();
    assert.equal((await mirror.store.sources.list())[0]?.info, null, "it is not described yet");
    emulator.faults.clear();
    const isDescribed = async () => (await mirror.store.sources.list())[0]?.info != null;
    while (!(await isDescribed())) await setImmediate();
    const early = pagesRead();
    assert.ok(early <= 25, `${early} pages`);
    assert.deepEqual((await syncing).failures, []);
    assert.equal((await readAllCards(mirror.store)).length, 3_000);
    assert.ok(pagesRead() > 30, "there was more to read");
  } finally {
    await mirror.close();
    await emulator.close();
  }
});
