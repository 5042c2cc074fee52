import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setHintStage } from "../../../test/support/hint-stage.ts";

describe("polling", () => {
  test("is rare while webhooks arrive, and frequent again after a poll found an unannounced change", async (t) => {
    const { emulator, mirror, world, polls, pass, told, find } = await setHintStage(t);
    const watching = mirror.sync.watch({ board: true });
    t.after(watching);
    const [issue, other] = world.issues();
    assert.ok(issue && other);
    await pass(2);
    emulator.requests.clear();
    await pass(10);
    const without = polls();
    assert.ok(without >= 15, `${without} polls without webhooks`);

    world.edit(issue.nativeId, { title: "told" });
    await told(issue.nativeId);
    assert.equal(mirror.sync.status()[0]?.webhooks?.state, "working");
    emulator.requests.clear();
    await pass(10);
    const relying = polls();
    assert.ok(relying <= 3, `${relying} polls with webhooks`);

    // The tracker stops sending deliveries.
    world.edit(other.nativeId, { title: "not told" });
    await pass(6);
    assert.equal(mirror.sync.status()[0]?.webhooks?.state, "missed");
    const issues = await find("not told");
    assert.equal(issues.total, 1);
    emulator.requests.clear();
    await pass(10);
    assert.ok(polls() >= 15, `${polls()} polls after webhooks stopped`);

    world.edit(other.nativeId, { title: "told again" });
    await told(other.nativeId);
    assert.equal(mirror.sync.status()[0]?.webhooks?.state, "working");
  });

  test("is not postponed forever by deliveries", async (t) => {
    const { emulator, mirror, world, polls, pass, told } = await setHintStage(t);
    t.after(mirror.sync.watch({ board: true }));
    const [issue] = world.issues();
    assert.ok(issue);
    await pass(2);
    emulator.requests.clear();
    for (let minutes = 0; minutes < 20; minutes += 2) {
      world.edit(issue.nativeId, { title: `told ${minutes}` });
      await told(issue.nativeId);
      await pass(2);
    }
    assert.ok(polls() >= 2 && polls() <= 6, `${polls()} polls in 20 minutes of deliveries`);
  });

  test("takes over when a list is cheaper than reading each hinted issue", async (t) => {
    const { emulator, mirror, world, hintOf, find, settle } = await setHintStage(t);
    const issues = world.issues().slice(0, 50);
    for (const { nativeId } of issues) world.edit(nativeId, { title: "all at once" });
    emulator.requests.clear();
    await mirror.sync.hear(
      "github",
      issues.map(({ nativeId }) => hintOf(nativeId)),
    );
    for (let tries = 0; tries < 100; tries++) {
      await settle();
      const found = await find("all at once");
      if (found.total === issues.length) break;
    }
    assert.ok(emulator.requests.count() < issues.length, `${emulator.requests.count()} requests`);
  });

  test("picks up a hint that could not be followed up", async (t) => {
    const { emulator, mirror, world, hintOf, pass, find } = await setHintStage(t);
    const [issue] = world.issues();
    assert.ok(issue);
    world.edit(issue.nativeId, { title: "behind a failure" });
    emulator.faults.add({ kind: "server-error", times: 9, path: `/issues/${issue.key.slice(1)}` });
    await mirror.sync.hear("github", [hintOf(issue.nativeId)]);
    const found = mirror.event(({ type }) => type === "change");
    await pass(4);
    // On a busy machine the last answers arrive after the clock has moved on.
    await found;
    assert.equal((await find("behind a failure")).total, 1);
  });

  test("a hint about no mirrored source sends no request", async (t) => {
    const { emulator, mirror, settle } = await setHintStage(t);
    await settle();
    emulator.requests.clear();
    const hints = [{ sourceId: "1", issue: { nativeId: "1", key: "#1" }, comments: true }];
    assert.equal(await mirror.sync.hear("github", hints), 0);
    await settle();
    assert.equal(emulator.requests.count(), 0);
    await assert.rejects(mirror.sync.hear("nobody", hints), { code: "not_found" });
  });
});
