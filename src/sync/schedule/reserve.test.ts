import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { startEmulator } from "../../../emulators/start.ts";
import { assertMirrorEquals, readAllCards } from "../../../test/support/compare.ts";
import { createTestMirror } from "../../../test/support/mirror.ts";
import { untilSettled } from "../../../test/support/settle-on-clock.ts";
import { statusOf } from "../../../test/support/with-emulator.ts";
import { createVirtualClock } from "../../../test/support/virtual-clock.ts";

const hour = 3_600_000;

test("a run stops at a fifth of the budget, reserved for opened issues and changes, and resumes when it is renewed", async (t) => {
  const clock = createVirtualClock();
  const budget = 25;
  const emulator = await startEmulator("github", { issues: 2_000, seed: 7, sources: 1, budget, now: clock.now });
  t.after(() => emulator.close());
  const mirror = await createTestMirror([emulator], { clock });
  t.after(() => mirror.close());

  const { failures } = await untilSettled(mirror.sync.syncNow(), clock);
  const [error] = failures.map((failure) => failure.error);
  assert.equal(error?.code, "rate_limited");
  assert.match(error.message, /^80% of the request budget is used/);
  assert.ok((error.retryAt ?? 0) > clock.now(), "it says when it goes on");
  const left = Number(emulator.requests.list().at(-1)?.answerHeaders["x-ratelimit-remaining"]);
  // The next page was already requested when the budget became known.
  assert.ok(left >= budget / 5 - 1, `${left} of ${budget} are left`);
  const cards = await readAllCards(mirror.store);
  assert.ok(cards.length > 0, "what was read is kept");

  const [card, told] = cards;
  assert.ok(card && told);
  const hint = { sourceId: null, issue: { nativeId: told.nativeId, key: told.key }, comments: false };
  assert.equal(await mirror.sync.hear("github", [hint]), 1);

  const by = { actor: "you", session: "s1" };
  const queued = await mirror.store.outbox.edit(card.id, [{ field: "title", from: card.title, to: "Mine" }], by);
  mirror.sync.changed(queued);
  await untilSettled(mirror.sync.deliver(10_000), clock);
  assert.equal((await mirror.store.outbox.get(queued.operation ?? 0)).state, "written");
  const isRead = emulator.requests.list().some(({ url }) => url.endsWith(`/issues/${told.key.slice(1)}`));
  assert.equal(isRead, false, "what a webhook tells of waits for the next poll");

  await clock.advance(hour);
  assert.deepEqual((await untilSettled(mirror.sync.syncNow(), clock)).failures, []);
  await assertMirrorEquals(mirror.store, [emulator]);
});

test("polls slow down so that they leave a fifth of the budget until it is renewed", async (t) => {
  const clock = createVirtualClock();
  const budget = 60;
  const emulator = await startEmulator("linear", { issues: 5, seed: 7, sources: 1, budget, now: clock.now });
  t.after(() => emulator.close());
  const mirror = await createTestMirror([emulator], { clock });
  t.after(() => mirror.close());
  await untilSettled(mirror.sync.syncNow(), clock);
  mirror.sync.watch({ board: true });
  mirror.sync.start();
  emulator.requests.clear();
  const minutes: number[] = [];
  for (let minute = 0; minute < 55; minute += 1) {
    const before = emulator.requests.count();
    for (let half = 0; half < 2; half += 1) {
      await clock.advance(30_000);
      while ((statusOf(mirror.sync, "linear").nextSyncAt ?? 0) <= clock.now()) await setImmediate();
      await clock.untilAsleep(1);
    }
    minutes.push(emulator.requests.count() - before);
  }
  const left = statusOf(mirror.sync, "linear").budget?.remaining ?? 0;
  assert.ok(left >= budget / 5 - 1, `${left} of ${budget} are left`);
  assert.ok(Math.max(...minutes.slice(0, 5)) >= 2, `as often as always at first: ${minutes.join()}`);
  assert.ok(
    minutes.slice(25).some((count) => count > 0),
    `seldom afterwards: ${minutes.join()}`,
  );
});
