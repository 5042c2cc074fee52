import assert from "node:assert/strict";
import { test } from "node:test";
import { emulatedTrackers, startEmulator } from "../../../emulators/start.ts";
import { openChangingMirror } from "../../../test/support/changing-mirror.ts";
import { readAllCards } from "../../../test/support/compare.ts";

// What a change of one issue changes of others is shown at once, and stays when the tracker has it, without a sync in between.

const you = { actor: { kind: "user" }, session: "s1" } as const;

test("github: the children that it counts follow a change of the parent", async (t) => {
  const emulator = await startEmulator("github", { issues: 60, seed: 7, sources: 1 });
  t.after(() => emulator.close());
  const { store, sync, changes } = await openChangingMirror(t, emulator);
  const cards = await readAllCards(store);
  const child = cards.find(({ parent }) => parent?.ref != null);
  const former = cards.find(({ ref }) => ref === child?.parent?.ref);
  const next = cards.find((card) => card.children.total === 0 && card.parent === null && card.status === "backlog");
  assert.ok(child && former && next);
  const total = async (id: number) => (await store.board.card(id)).children.total;
  const expected = [former.children.total - 1, 1];
  const counted = async () => [await total(former.id), await total(next.id)];
  await changes.edit(child.id, { parent: next.ref }, you);
  assert.deepEqual(await counted(), expected);
  await sync.deliver(20_000);
  assert.deepEqual(await store.outbox.list(), []);
  assert.deepEqual(await counted(), expected);
  await changes.edit(child.id, { parent: null }, you);
  assert.deepEqual(await counted(), [expected[0], 0]);
  await sync.deliver(20_000);
  assert.deepEqual(await counted(), [expected[0], 0]);
});

for (const tracker of emulatedTrackers) {
  // GitLab's blocking issues need a paid plan.
  const [type, inverse] =
    tracker === "gitlab" ? (["relates", "relates"] as const) : (["blocks", "blocked_by"] as const);
  test(`${tracker}: the other issue of a relation shows it, also in another source`, async (t) => {
    const emulator = await startEmulator(tracker, { issues: 40, seed: 7, sources: 2 });
    t.after(() => emulator.close());
    const { store, sync, changes } = await openChangingMirror(t, emulator);
    const details = await Promise.all((await readAllCards(store)).map(({ id }) => store.board.detail(id)));
    // Rally relates stories only with each other.
    const fits = tracker === "rally" ? /^US/ : /./;
    const free = details.filter(
      ({ relations, status, key }) => relations.length === 0 && status === "backlog" && fits.test(key),
    );
    const [first] = free;
    const near = free.find((card) => card.source === first?.source && card !== first);
    const far = free.find((card) => card.source !== first?.source);
    assert.ok(first && near && far);
    for (const other of [near, far]) {
      const isBetween = ({ ref }: { ref: string | null }): boolean => ref === first.ref || ref === other.ref;
      const shown = async (id: number): Promise<readonly string[]> =>
        (await store.board.detail(id)).relations
          .filter(isBetween)
          .map((relation) => `${relation.type} ${relation.ref}`);
      const there: readonly string[] = [`${inverse} ${first.ref}`];
      const here: readonly string[] = [`${type} ${other.ref}`];
      await changes.relate(first.id, type, other.address, you);
      assert.deepEqual([await shown(other.id), await shown(first.id)], [there, here], "before it is sent");
      await sync.deliver(20_000);
      assert.deepEqual(await store.outbox.list(), []);
      assert.deepEqual([await shown(other.id), await shown(first.id)], [there, here], "once it is written");
      const [relation] = (await store.board.detail(other.id)).relations.filter(isBetween);
      await changes.unrelate(other.id, relation?.id ?? "", you);
      assert.deepEqual([await shown(other.id), await shown(first.id)], [[], []], "before the removal is sent");
      await sync.deliver(20_000);
      assert.deepEqual(await store.outbox.list(), []);
      assert.deepEqual([await shown(other.id), await shown(first.id)], [[], []], "once it is removed");
    }
  });
}
