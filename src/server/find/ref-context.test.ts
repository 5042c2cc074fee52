import assert from "node:assert/strict";
import { describe, test, type TestContext } from "node:test";
import { startEmulator } from "../../../emulators/start.ts";
import { createTestMirror, toConnection, toSources } from "../../../test/support/mirror.ts";
import { hasCode } from "../../trackers/conformance/assert-code.ts";
import { trackers } from "../../trackers/registry.ts";
import { toRefContext } from "./ref-context.ts";
import { resolveRef } from "./resolve-ref.ts";

/** A mirror whose first run is after an issue moved to another project. */
async function open(t: TestContext, variant: string) {
  const emulator = await startEmulator("jira", { issues: 40, seed: 7, variant });
  t.after(() => emulator.close());
  const [issue] = emulator.world.issues("BOOK");
  assert.ok(issue);
  emulator.world.move?.(issue.nativeId, "YARD");
  const mirror = await createTestMirror([emulator], {
    plan: { connections: [toConnection(emulator)], sources: toSources(emulator) },
  });
  t.after(() => mirror.close());
  const { failures } = await mirror.sync.syncNow();
  assert.deepEqual(failures, []);
  const moved = emulator.world.issues("YARD").find(({ nativeId }) => nativeId === issue.nativeId);
  assert.ok(moved);
  emulator.requests.clear();
  const local = { trackers, board: mirror.store.board };
  return { emulator, local, asking: toRefContext({ trackers, ...mirror }), formerKey: issue.key, key: moved.key };
}

test("an empty mirror says that nothing is mirrored, instead of counting to 0", async (t) => {
  const emulator = await startEmulator("jira", { issues: 1, seed: 7 });
  t.after(() => emulator.close());
  const mirror = await createTestMirror([emulator]);
  t.after(() => mirror.close());
  const asked = resolveRef("BOOK-1", { trackers, board: mirror.store.board });
  await assert.rejects(
    asked,
    hasCode("not_found", ({ message }) => message.includes("nothing is mirrored")),
  );
});

describe("a key from before the mirror's first run", () => {
  for (const variant of ["cloud", "data-center"]) {
    test(`finds its issue, and from then on without the tracker (${variant})`, async (t) => {
      const { emulator, local, asking, formerKey, key } = await open(t, variant);
      const present = await resolveRef(key, local);
      await assert.rejects(resolveRef(formerKey, local), hasCode("not_found"));
      assert.equal((await resolveRef(formerKey, asking)).id, present.id);
      const asked = emulator.requests.count();
      assert.ok(asked > 0);
      assert.equal((await resolveRef(formerKey.toLowerCase(), local)).id, present.id);
      assert.equal((await resolveRef(formerKey, asking)).id, present.id);
      assert.equal(emulator.requests.count(), asked, "nobody is asked again");
    });
  }

  test("is not found if no issue has it, or if no tracker can be asked", async (t) => {
    const { emulator, asking, formerKey } = await open(t, "cloud");
    await assert.rejects(resolveRef("BOOK-99999", asking), hasCode("not_found"));
    emulator.faults.add({ kind: "revoked", times: Infinity });
    await assert.rejects(resolveRef(formerKey, asking), hasCode("not_found"));
  });
});

test("an issue whose repository has the same path on two servers is found by its URL, which is its address", async (t) => {
  const emulators = await Promise.all([3, 9].map((issues) => startEmulator("github", { issues, seed: 7 })));
  for (const emulator of emulators) t.after(() => emulator.close());
  const plan = {
    connections: emulators.map((emulator, index) => ({ ...toConnection(emulator), id: `server ${index}` })),
    sources: emulators.flatMap((emulator, index) =>
      toSources(emulator).map((source) => ({ ...source, id: `${index}/${source.id}`, connection: `server ${index}` })),
    ),
  };
  const mirror = await createTestMirror(emulators, { plan });
  t.after(() => mirror.close());
  assert.deepEqual((await mirror.sync.syncNow()).failures, []);
  const context = { trackers, board: mirror.store.board };
  const listed = { filter: {}, sort: { key: "updated", reverse: false }, limit: 100, cursor: null, me: {} } as const;
  const { issues } = await mirror.store.board.issues(listed);
  assert.ok(issues.length > new Set(issues.map(({ ref }) => ref)).size, "some refs are shared");
  const found = await Promise.all(issues.map(({ address }) => resolveRef(address, context)));
  assert.deepEqual(
    found.map(({ id }) => id),
    issues.map(({ id }) => id),
  );
  assert.ok(
    issues.some(({ ref, address }) => ref === address),
    "a ref that only one issue has stays the address",
  );
});
