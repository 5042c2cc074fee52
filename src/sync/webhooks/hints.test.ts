import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setHintStage } from "../../../test/support/hint-stage.ts";
import { eventually } from "../../../test/support/stage.ts";

const minute = 60_000;

describe("what a delivery tells", () => {
  test("of a source's words reaches every card, without waiting for the hour", async (t) => {
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

  test("while a poll is under way is asked for when that has ended", async (t) => {
    const { emulator, mirror, world, source, find, pass } = await setHintStage(t);
    const [issue = assert.fail()] = world.issues();
    const [label = assert.fail()] = world.issues().flatMap(({ labels }) => labels);
    await pass(1);
    world.edit(issue.nativeId, { title: "Brought by the poll" });
    emulator.requests.clear();
    // Its answer is made, and comes slowly.
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

  test("of a source's words while they are being read is not taken for read with them", async (t) => {
    const { emulator, mirror, world, source, find, pass } = await setHintStage(t);
    const [label = assert.fail()] = world.issues().flatMap(({ labels }) => labels);
    const hint = { sourceId: source.id, issue: null, comments: false };
    await pass(1);
    emulator.requests.clear();
    // Their answer is made, and comes slowly.
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

  test("of an issue that left is looked at alone, however many others are told of", async (t) => {
    const { emulator, mirror, world, hintOf, find } = await setHintStage(t);
    const [leaving, ...others] = world.issues();
    assert.ok(leaving);
    const hints = others.slice(0, 40).map(({ nativeId }) => hintOf(nativeId));
    const gone = hintOf(leaving.nativeId, { gone: true });
    const shown = (await find("")).total;
    world.delete(leaving.nativeId);
    for (const { nativeId } of others.slice(0, 40)) world.edit(nativeId, { title: "xylophone" });
    emulator.requests.clear();
    // It is told of again, as an edit that came late.
    await mirror.sync.hear("github", [...hints.slice(0, 10), gone, { ...gone, gone: false }, ...hints.slice(10)]);
    await eventually(async () => ((await find("")).total === shown - 1 ? true : undefined), "it left the board", {
      timeoutMs: 10_000,
    });
  });

  test("twice of one issue before it is read: it is read once, its comments with it", async (t) => {
    const { emulator, mirror, world, hintOf, find } = await setHintStage(t);
    const [issue = assert.fail(), ...others] = world.issues();
    const { id } = (await find("")).issues.find(({ key }) => key === issue.key) ?? assert.fail();
    await mirror.sync.refreshIssue(id);
    world.comment(issue.nativeId, "Told by a webhook");
    emulator.requests.clear();
    await mirror.sync.hear("github", [
      // Those that are read first.
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

  test("of an issue while it is being read has it read once more, after that", async (t) => {
    const { emulator, mirror, world, hintOf, find } = await setHintStage(t);
    const [issue = assert.fail()] = world.issues();
    const reads = () => emulator.requests.list().filter(({ url }) => url.endsWith(`/issues/${issue.key.slice(1)}`));
    world.edit(issue.nativeId, { title: "Told first" });
    emulator.requests.clear();
    // The answer is made, and comes slowly.
    emulator.faults.add({ kind: "trickle", value: 60, path: `/issues/${issue.key.slice(1)}` });
    await mirror.sync.hear("github", [hintOf(issue.nativeId)]);
    await eventually(() => (reads().length === 1 ? true : undefined), "it is asked for");
    world.edit(issue.nativeId, { title: "Told while it was read" });
    await mirror.sync.hear("github", [hintOf(issue.nativeId), hintOf(issue.nativeId)]);
    const isThere = async () => ((await find("Told while it was read")).total === 1 ? true : undefined);
    await eventually(isThere, "it is read again", { timeoutMs: 10_000 });
    assert.equal(reads().length, 2);
  });

  test("of an issue that nobody knows, in one of several sources, is looked for in their lists", async (t) => {
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

  test("of comments that nobody looked at costs no request for them", async (t) => {
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
  test("that a delivery asked for is not put off by the next one, and finds nothing that was missed", async (t) => {
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

  test("of a tracker that said when it may be asked again keeps that time, whatever is told", async (t) => {
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

  test("comes often for a while after so many were told of that a list was asked", async (t) => {
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
