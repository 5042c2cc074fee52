import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setHintStage } from "../../../test/support/hint-stage.ts";
import { eventually } from "../../../test/support/stage.ts";

const minute = 60_000;

describe("a delivery", () => {
  test("about a source's vocabulary updates every card, without waiting for the hourly refresh", async (t) => {
    const { mirror, world, source, find, pass } = await setHintStage(t);
    const [label = assert.fail()] = world.issues().flatMap(({ labels }) => labels);
    const labelled = world.issues().filter(({ labels }) => labels.includes(label)).length;
    await pass(1);
    world.renameLabel(source.key, label, "renamed there");
    await mirror.sync.hear("github", [{ sourceId: source.id, issue: null, comments: false }]);
    const withLabel = async () => {
      const { issues } = await find("");
      return issues.filter(({ labels }) => labels.some(({ name }) => name === "renamed there")).length;
    };
    await eventually(async () => ((await withLabel()) === labelled ? true : undefined), "the label has its name");
  });

  test("during a poll causes another poll after it", async (t) => {
    const { emulator, mirror, world, source, find, pass } = await setHintStage(t);
    const [issue = assert.fail()] = world.issues();
    const [label = assert.fail()] = world.issues().flatMap(({ labels }) => labels);
    await pass(1);
    world.edit(issue.nativeId, { title: "Brought by the poll" });
    emulator.requests.clear();
    // Its answer is already computed, and arrives slowly.
    emulator.faults.add({ kind: "trickle", value: 60, path: "/issues" });
    const poll = mirror.sync.syncNow();
    const isAsked = () => emulator.requests.list().some(({ url }) => url.includes("sort=updated"));
    await eventually(() => (isAsked() ? true : undefined), "the poll is asked for");
    world.renameLabel(source.key, label, "renamed meanwhile");
    await mirror.sync.hear("github", [{ sourceId: source.id, issue: null, comments: false }]);
    await poll;
    assert.equal((await find("Brought by the poll")).total, 1);
    const isRenamed = async () => {
      const { issues } = await find("");
      return issues.some(({ labels }) => labels.some(({ name }) => name === "renamed meanwhile")) ? true : undefined;
    };
    await eventually(isRenamed, "the label has its name", { timeoutMs: 10_000 });
  });

  test("about a source's vocabulary while it is being read causes another read", async (t) => {
    const { emulator, mirror, world, source, find, pass } = await setHintStage(t);
    const [label = assert.fail()] = world.issues().flatMap(({ labels }) => labels);
    const hint = { sourceId: source.id, issue: null, comments: false };
    await pass(1);
    emulator.requests.clear();
    // Their answer is already computed, and arrives slowly.
    emulator.faults.add({ kind: "trickle", value: 60, path: "/labels" });
    await mirror.sync.hear("github", [hint]);
    const isAsked = () => emulator.requests.list().some(({ url }) => url.includes("/labels"));
    await eventually(() => (isAsked() ? true : undefined), "the words are asked for");
    world.renameLabel(source.key, label, "renamed meanwhile");
    await mirror.sync.hear("github", [hint]);
    const isRenamed = async () => {
      const { issues } = await find("");
      return issues.some(({ labels }) => labels.some(({ name }) => name === "renamed meanwhile")) ? true : undefined;
    };
    await eventually(isRenamed, "the label has its name", { timeoutMs: 10_000 });
  });

  test("about a removed issue reads it alone, however many other hints there are", async (t) => {
    const { emulator, mirror, world, hintOf, find } = await setHintStage(t);
    const [leaving, ...others] = world.issues();
    assert.ok(leaving);
    const hints = others.slice(0, 40).map(({ nativeId }) => hintOf(nativeId));
    const gone = hintOf(leaving.nativeId, { gone: true });
    const shown = (await find("")).total;
    world.delete(leaving.nativeId);
    for (const { nativeId } of others.slice(0, 40)) world.edit(nativeId, { title: "xylophone" });
    emulator.requests.clear();
    // It is hinted again, as a late edit.
    await mirror.sync.hear("github", [...hints.slice(0, 10), gone, { ...gone, gone: false }, ...hints.slice(10)]);
    await eventually(async () => ((await find("")).total === shown - 1 ? true : undefined), "it left the board", {
      timeoutMs: 10_000,
    });
  });

  test("repeated for one issue before it is read causes one read, with its comments", async (t) => {
    const { emulator, mirror, world, hintOf, find } = await setHintStage(t);
    const [issue = assert.fail(), ...others] = world.issues();
    const { id } = (await find("")).issues.find(({ key }) => key === issue.key) ?? assert.fail();
    await mirror.sync.refreshIssue(id);
    world.comment(issue.nativeId, "Told by a webhook");
    emulator.requests.clear();
    await mirror.sync.hear("github", [
      // These are read first.
      ...others.slice(0, 3).map(({ nativeId }) => hintOf(nativeId)),
      hintOf(issue.nativeId, { comments: true }),
      { ...hintOf(issue.nativeId), issue: { nativeId: issue.nativeId, key: "" } },
    ]);
    const isThere = async () =>
      (await mirror.store.comments.list(id)).some(({ body }) => body === "Told by a webhook") ? true : undefined;
    await eventually(isThere, "the comment is there", { timeoutMs: 10_000 });
    const reads = emulator.requests.list().filter(({ url }) => url.endsWith(`/issues/${issue.key.slice(1)}`));
    assert.equal(reads.length, 1);
  });

  test("about an issue while it is being read causes one more read afterwards", async (t) => {
    const { emulator, mirror, world, hintOf, find } = await setHintStage(t);
    const [issue = assert.fail()] = world.issues();
    const reads = () => emulator.requests.list().filter(({ url }) => url.endsWith(`/issues/${issue.key.slice(1)}`));
    world.edit(issue.nativeId, { title: "Told first" });
    emulator.requests.clear();
    // The answer is already computed, and arrives slowly.
    emulator.faults.add({ kind: "trickle", value: 60, path: `/issues/${issue.key.slice(1)}` });
    await mirror.sync.hear("github", [hintOf(issue.nativeId)]);
    await eventually(() => (reads().length === 1 ? true : undefined), "it is asked for");
    world.edit(issue.nativeId, { title: "Told while it was read" });
    await mirror.sync.hear("github", [hintOf(issue.nativeId), hintOf(issue.nativeId)]);
    const isThere = async () => ((await find("Told while it was read")).total === 1 ? true : undefined);
    await eventually(isThere, "it is read again", { timeoutMs: 10_000 });
    assert.equal(reads().length, 2);
  });

  test("about an unknown issue in one of several sources causes polls of their lists", async (t) => {
    const { emulator, mirror, world, find, settle } = await setHintStage(t, { sources: 2 });
    await settle();
    const [, second = assert.fail()] = emulator.sources;
    const made = world.create(second.key, { title: "Nobody knows where" });
    emulator.requests.clear();
    const hint = { sourceId: null, issue: { nativeId: made.nativeId, key: made.key }, comments: false };
    assert.equal(await mirror.sync.hear("github", [hint]), 1);
    const isThere = async () => ((await find("Nobody knows where")).total === 1 ? true : undefined);
    await eventually(isThere, "it is there", { timeoutMs: 10_000 });
    await settle();
    const urls = emulator.requests.list().map(({ url }) => url);
    for (const { key } of emulator.sources) {
      assert.ok(
        urls.some((url) => url.includes(`${key}/issues?`)),
        `the list of ${key} is asked`,
      );
    }
    assert.deepEqual(
      urls.filter((url) => url.endsWith(`/issues/${made.key.slice(1)}`) || url.includes("/labels")),
      [],
      "neither is it read alone, nor are any words",
    );
  });

  test("about comments of an issue that was never opened does not request them", async (t) => {
    const { emulator, mirror, world, hintOf, settle, find } = await setHintStage(t);
    const [issue = assert.fail()] = world.issues();
    world.comment(issue.nativeId, "Told by a webhook");
    world.edit(issue.nativeId, { title: "Commented" });
    emulator.requests.clear();
    await mirror.sync.hear("github", [hintOf(issue.nativeId, { comments: true })]);
    await eventually(async () => ((await find("Commented")).total === 1 ? true : undefined), "it is read");
    await settle();
    assert.deepEqual(
      emulator.requests.list().filter(({ url }) => url.includes("/comments")),
      [],
    );
  });
});

describe("a poll", () => {
  test("requested by a delivery is not postponed by the next one, and reports nothing as missed", async (t) => {
    const { mirror, world, source, hintOf, find, pass, told } = await setHintStage(t);
    t.after(mirror.sync.watch({ board: true }));
    const [issue = assert.fail(), other = assert.fail()] = world.issues();
    const [label = assert.fail()] = world.issues().flatMap(({ labels }) => labels);
    await pass(2);
    world.edit(issue.nativeId, { title: "told" });
    await told(issue.nativeId);
    world.renameLabel(source.key, label, "renamed there");
    world.edit(other.nativeId, { title: "told of as a whole" });
    await mirror.sync.hear("github", [{ sourceId: source.id, issue: null, comments: false }, hintOf(issue.nativeId)]);
    await eventually(async () => ((await find("told of as a whole")).total === 1 ? true : undefined), "it is brought", {
      timeoutMs: 10_000,
    });
    await pass(1);
    assert.equal(mirror.sync.status()[0]?.webhooks?.state, "working");
  });

  test("of a rate-limited tracker keeps its allowed time, whatever deliveries arrive", async (t) => {
    const { clock, emulator, mirror, source, settle, polls } = await setHintStage(t);
    emulator.faults.add({ kind: "rate-limit", value: 600, times: 1 });
    const { failures } = await mirror.sync.syncNow();
    assert.equal(failures[0]?.error.code, "rate_limited");
    emulator.requests.clear();
    await mirror.sync.hear("github", [{ sourceId: source.id, issue: null, comments: false }]);
    await settle();
    await clock.advance(5 * minute);
    await settle();
    assert.equal(emulator.requests.count(), 0);
    await clock.advance(6 * minute);
    await eventually(() => (polls() > 0 ? true : undefined), "it is asked again");
  });

  test("stays frequent for a while after a crowd of hints caused a poll of the list", async (t) => {
    const { emulator, mirror, world, hintOf, find, pass, polls, told } = await setHintStage(t);
    t.after(mirror.sync.watch({ board: true }));
    const issues = world.issues().slice(0, 40);
    await pass(2);
    await told(issues[0]?.nativeId ?? "");
    for (const { nativeId } of issues) world.edit(nativeId, { title: "xylophone" });
    await mirror.sync.hear(
      "github",
      issues.map(({ nativeId }) => hintOf(nativeId)),
    );
    await eventually(async () => ((await find("xylophone")).total === 40 ? true : undefined), "all are there");
    emulator.requests.clear();
    await pass(2);
    assert.ok(polls() >= 3, `${polls()} polls in the first two minutes`);
    await pass(2);
    emulator.requests.clear();
    await pass(10);
    assert.ok(polls() <= 3, `${polls()} polls in ten minutes later on`);
  });
});
