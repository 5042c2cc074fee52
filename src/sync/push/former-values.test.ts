import assert from "node:assert/strict";
import { test } from "node:test";
import { startEmulator } from "../../../emulators/start.ts";
import { openChangingMirror } from "../../../test/support/changing-mirror.ts";
import { readAllCards } from "../../../test/support/compare.ts";

const you = { actor: { kind: "user" }, session: "s1" } as const;

for (const { tracker, type } of [
  { tracker: "jira", type: "Bug" },
  { tracker: "rally", type: "Defect" },
]) {
  test(`${tracker}: undo restores a tracker's own field, unless another person changed it since`, async (t) => {
    const emulator = await startEmulator(tracker, { issues: 40, seed: 7 });
    t.after(() => emulator.close());
    const openHere = async () => {
      const { store, sync, changes } = await openChangingMirror(t, emulator);
      const rows = await store.sources.list();
      const found = (await readAllCards(store)).flatMap((card) => {
        const form = rows.find(({ config }) => config.id === card.source)?.form;
        const fields = form?.types.find(({ name }) => name === card.type)?.fields ?? [];
        const spec = card.type === type ? fields.find(({ options }) => options.length >= 3) : undefined;
        return spec === undefined ? [] : [{ card, spec }];
      });
      const [{ card, spec } = assert.fail(`there is no ${type} with a field to choose`)] = found;
      const [a = "", b = "", c = ""] = spec.options.map(({ id }) => id);
      const set = (value: string) => changes.edit(card.id, { fields: { [spec.id]: value } }, you);
      /** The fields of the newest operation, once it is written or refused. */
      const deliver = async () => {
        await sync.deliver(20_000);
        const [newest] = await store.outbox.listOf(card.id, 1);
        const [field] = newest?.fields ?? [];
        assert.ok(newest && field?.field === "custom");
        return { state: newest.state, from: field.from, to: field.to, reason: newest.reason?.message ?? null };
      };
      return { changes, set, deliver, a, b, c, spec, store, outbox: store.outbox };
    };
    const mine = await openHere();
    const { a, b, c, changes, set, deliver } = mine;

    await set(a);
    await set(b);
    await changes.undo(you);
    assert.equal((await mine.outbox.list()).length, 1, "one of two changes that were never sent is left");
    assert.equal((await deliver()).to, a);
    await set(b);
    assert.deepEqual(await deliver(), { state: "written", from: a, to: b, reason: null });
    const { what } = await changes.undo(you);
    assert.ok(what.startsWith(`restored the ${mine.spec.name} of `), what);
    assert.deepEqual(await deliver(), { state: "written", from: b, to: a, reason: null });
    const names = mine.spec.options.map(({ name }) => name);
    const [line] = await mine.store.history.list({ limit: 1 });
    assert.deepEqual([line?.field, line?.from, line?.to], [mine.spec.name, names[1], names[0]]);

    await set(b);
    await deliver();
    const theirs = await openHere();
    await theirs.set(c);
    assert.deepEqual(await theirs.deliver(), { state: "written", from: b, to: c, reason: null });
    await changes.undo(you);
    const refused = await deliver();
    assert.equal(refused.state, "refused");
    assert.match(refused.reason ?? "", /was changed in the tracker since/);

    // If another person has already restored the value, there is no conflict.
    const [waiting = assert.fail()] = await mine.outbox.list();
    await mine.outbox.drop(waiting.id);
    await set(b);
    assert.equal((await deliver()).from, c);
    await theirs.set(c);
    assert.equal((await theirs.deliver()).state, "written");
    await changes.undo(you);
    assert.equal((await deliver()).state, "written");
  });
}
