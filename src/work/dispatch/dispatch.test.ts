import assert from "node:assert/strict";
import { test } from "node:test";
import { makeAgent, makeClaim, makeRules } from "./fixture.ts";
import { simulateWorld } from "../../../test/support/simulation/simulated-dispatch.ts";

const rules = makeRules({ labels: ["agent"] }, { limit: { total: 2, perStatus: {} }, turns: 6 });

test("two start, their agents are followed, and the third waits for a slot", async () => {
  const world = simulateWorld(3, rules);
  await world.look();
  assert.deepEqual(
    world.living().map(({ issue }) => issue.issueId),
    [1, 2],
  );
  const plan = await world.plan();
  assert.deepEqual(
    [plan.slotsUsed, plan.others.map(({ why }) => why)],
    [2, ["no free slot: 2 of 2 agents are at work"]],
  );
  world.change(1, { state: "finished" });
  world.changeIssue(1, { status: "in_review" });
  await world.clock.advance(60_000);
  await world.look();
  await world.look();
  assert.deepEqual(
    world.living().map(({ issue }) => issue.issueId),
    [2, 3],
  );
});

test("an issue whose tracker does not answer is left alone, and tried again", async () => {
  const world = simulateWorld(1, rules);
  world.unreadable.add(1);
  await world.look();
  assert.deepEqual(world.agents, []);
  assert.deepEqual(
    (await world.plan()).others.map(({ why }) => why),
    ["its tracker cannot be read: It does not answer."],
  );
  world.unreadable.clear();
  await world.look();
  assert.deepEqual(world.agents, []);
  await world.clock.advance(15_000);
  await world.look();
  assert.equal(world.living().length, 1);
  // It is also not stopped while nobody knows how the issue stands.
  world.unreadable.add(1);
  world.changeIssue(1, { status: "done" });
  await world.clock.advance(60_000);
  await world.look();
  assert.equal(world.living().length, 1);
  world.unreadable.clear();
  await world.clock.advance(15_000);
  await world.look();
  assert.deepEqual([world.living().length, world.claims.size], [0, 0]);
});

test("one that shows no sign of life is stopped and begun anew after the wait", async () => {
  const world = simulateWorld(1, rules);
  await world.look();
  world.change(1, { state: "running", lastOutputAt: world.clock.now() });
  await world.clock.advance(299_000);
  await world.look();
  assert.equal(world.living().length, 1);
  await world.clock.advance(2_000);
  await world.look();
  assert.equal(world.agents[0]?.reason, "no sign of life for 301 s");
  await world.clock.advance(9_000);
  await world.look();
  assert.equal(world.living().length, 0);
  await world.clock.advance(1_000);
  await world.look();
  assert.equal(world.living().length, 1);
  assert.deepEqual([world.claims.get(1)?.turns, world.claims.get(1)?.failures], [2, 1]);
});

test("a broken file keeps what runs and starts nothing new; without rules agents go on by themselves", async () => {
  const world = simulateWorld(2, rules);
  const atWork = () => world.living().map(({ issue }) => issue.issueId);
  world.changeIssue(2, { labels: [] });
  await world.look();
  world.file.problem = "projects.yaml:3:1: wrong";
  world.changeIssue(2, { labels: ["agent"] });
  world.change(1, { state: "finished" });
  await world.look();
  await world.clock.advance(1_000);
  await world.look();
  assert.deepEqual([atWork(), world.claims.get(1)?.turns], [[1], 2]);
  assert.deepEqual(
    (await world.plan()).others.map(({ why }) => why),
    ["projects.yaml:3:1: wrong"],
  );
  // A process that has no last good rules does not know what is taken for what.
  world.file.rules = null;
  await world.look();
  assert.deepEqual([atWork(), world.claims.size], [[1], 1]);
  world.file.problem = null;
  await world.look();
  assert.deepEqual([atWork(), world.claims.size], [[1], 0]);
});

test("what reading a candidate shows counts: its labels, what blocks it, the limit of its status", async () => {
  const world = simulateWorld(
    4,
    makeRules({ labels: ["agent"] }, { limit: { total: 9, perStatus: { planning: 0 } }, turns: 6 }),
  );
  world.fresh
    .set(1, { labels: [] })
    .set(2, { blockedBy: ["MIN-1"] })
    .set(3, { status: "planning" });
  for (let turn = 0; turn < 2; turn += 1) {
    await world.look();
    await world.clock.advance(1_000);
  }
  assert.deepEqual(
    world.living().map(({ issue }) => issue.issueId),
    [4],
  );
  assert.deepEqual([...world.claims.keys()], [4]);
});

test("what another server takes while it is read is that one's", async () => {
  const world = simulateWorld(2, rules);
  const taken = makeClaim({ issueId: 1, claimedAt: 7 });
  world.fresh.set(1, {
    get title() {
      world.claims.set(1, taken);
      return "Taken";
    },
  });
  await world.look();
  assert.deepEqual(
    world.living().map(({ issue }) => issue.issueId),
    [2],
  );
  assert.equal(world.claims.get(1), taken);
});

test("of those that wait out a failure no more go on than there are slots", async () => {
  const world = simulateWorld(2, rules);
  await world.look();
  for (const { id } of world.living()) world.change(id, { state: "failed" });
  await world.look();
  world.file.rules = { ...rules, limit: { total: 1, perStatus: {} } };
  await world.clock.advance(60_000);
  await world.look();
  assert.equal(world.living().length, 1);
});

test("an issue is read before each of its turns, and none begins that its tracker takes back", async () => {
  const world = simulateWorld(1, rules);
  await world.look();
  world.change(1, { state: "finished" });
  await world.look();
  world.fresh.set(1, { labels: [] });
  // Longer than a read counts for a turn, and shorter than it counts otherwise.
  await world.clock.advance(10_000);
  await world.look();
  assert.deepEqual(world.living(), []);
  await world.look();
  assert.match(world.claims.get(1)?.ended ?? "", /do not match any more/);
});

test("what is done has its workspace removed, never by force, and is let go whatever becomes of that", async () => {
  for (const withWork of [[], [1]]) {
    const world = simulateWorld(1, rules);
    for (const id of withWork) world.withWork.add(id);
    await world.look();
    world.changeIssue(1, { status: "done" });
    await world.look();
    assert.deepEqual([world.living(), world.claims.size], [[], 0]);
    assert.deepEqual(world.removals, [{ id: 1, force: false }]);
  }
});

test("what is done waits for its after_run, and nobody else does", async () => {
  const world = simulateWorld(3, rules);
  await world.look();
  world.afterRun.add(1);
  world.changeIssue(1, { status: "done" });
  world.changeIssue(2, { status: "done" });
  await world.look();
  // Its place is taken until what follows its run is over.
  assert.deepEqual([world.removals.length, [...world.claims.keys()]], [1, [1, 3]]);
  world.afterRun.clear();
  await world.look();
  assert.deepEqual([world.removals.length, [...world.claims.keys()]], [2, [3]]);
});

test("what somebody moves by hand keeps its workspace", async () => {
  const world = simulateWorld(1, rules);
  await world.look();
  await world.clock.advance(1_000);
  world.changeIssue(1, { status: "in_progress" }, true);
  await world.look();
  assert.deepEqual([world.living(), world.removals], [[], []]);
});

test("a start that fails counts as a failure, is said, and is tried again after the wait", async () => {
  const world = simulateWorld(1, rules);
  world.starting.refusal = "The agent's program claude is not installed.";
  await world.look();
  const why = async () => (await world.plan()).claims.map((claim) => claim.why);
  assert.deepEqual([world.claims.get(1)?.failures, world.claims.get(1)?.turns], [1, 0]);
  assert.match((await why())[0] ?? "", /after a failure: The agent's program claude is not installed/);
  for (const [failures, waitMs] of [10_000, 20_000].entries()) {
    await world.clock.advance(waitMs - 1);
    await world.look();
    assert.equal(world.claims.get(1)?.failures, failures + 1);
    await world.clock.advance(1);
    await world.look();
    assert.equal(world.claims.get(1)?.failures, failures + 2);
  }
  world.starting.refusal = null;
  await world.clock.advance(40_000);
  await world.look();
  assert.equal(world.living().length, 1);
  world.change(1, { state: "failed", reason: "exit 3: It broke" });
  await world.look();
  assert.match((await why())[0] ?? "", /after a failure: exit 3: It broke/);
});

test("the agent that the rules name is started, else the project's", async () => {
  for (const [agent, name] of [
    ["codex", "codex"],
    [null, "the project's"],
  ] as const) {
    const world = simulateWorld(1, { ...rules, agent });
    await world.look();
    assert.deepEqual(
      world.living().map((one) => one.name),
      [name],
    );
  }
});

test("a tracker that takes too long is one that cannot be read", async () => {
  const world = simulateWorld(1, rules);
  world.slow.add(1);
  await world.look();
  assert.deepEqual(
    (await world.plan()).others.map(({ why }) => why),
    ["its tracker cannot be read: it does not answer in time"],
  );
  world.slow.clear();
  await world.clock.advance(15_000);
  await world.look();
  assert.equal(world.living().length, 1);
});

test("what was let go is not asked for any more", async () => {
  const world = simulateWorld(1, rules);
  await world.look();
  world.change(1, { state: "stopped", reason: "stopped by you" });
  await world.look();
  assert.match(world.claims.get(1)?.ended ?? "", /stopped by you/);
  const asked = world.reads.length;
  await world.clock.advance(600_000);
  await world.look();
  assert.equal(world.reads.length, asked);
});

test("an agent whose issue is gone is stopped: it is known by its number", async () => {
  const world = simulateWorld(1, rules);
  await world.look();
  const [agent] = world.living();
  world.issues.delete(1);
  world.change(1, { issue: { ...(agent?.issue ?? assert.fail()), issueId: null } });
  await world.look();
  assert.deepEqual([world.living(), world.removals], [[], []]);
  assert.match(world.agents[0]?.reason ?? "", /not on the board any more/);
});

test("agents from before an issue was taken are not its own, and what others cost is not counted", async () => {
  const world = simulateWorld(1, {
    ...rules,
    cost: { perIssue: 5, perDay: 8 },
    turns: 1,
  });
  const issue = { issueId: 1, ref: "shop#1", title: "", tracker: "alpha" };
  const at = world.clock.now();
  // A person's, today, and one of dispatch that was let go before.
  world.agents.push(makeAgent({ id: 1, issue, state: "finished", startedAt: at, cost: 100, actor: "you" }));
  world.agents.push(makeAgent({ id: 2, issue, state: "failed", startedAt: at, cost: 6 }));
  await world.clock.advance(1_000);
  await world.look();
  assert.deepEqual(
    world.living().map(({ id }) => id),
    [3],
  );
  const plan = await world.plan();
  assert.deepEqual([plan.spentToday.cost, plan.claims[0]?.spent.cost], [6, 0]);
});

test("what works in the workspace of an issue that is done is ended, whatever becomes of the workspace", async () => {
  const world = simulateWorld(1, rules);
  world.withWork.add(1);
  await world.look();
  world.change(1, { state: "finished" });
  world.changeIssue(1, { status: "done" });
  await world.look();
  assert.deepEqual([world.emptied, world.claims.size], [[1], 0]);
});

test("looking at the plan changes nothing", async () => {
  const world = simulateWorld(2, rules);
  const { start } = await world.plan();
  assert.deepEqual([start.length, world.agents.length, world.claims.size], [2, 0, 0]);
  await world.look();
  world.change(1, { state: "finished" });
  const before = JSON.stringify([world.agents, [...world.claims]]);
  await world.plan();
  assert.equal(JSON.stringify([world.agents, [...world.claims]]), before);
});

test("an agent that hands in gets no other turn before its issue has moved", async () => {
  const world = simulateWorld(1, rules);
  await world.look();
  world.change(1, { state: "finished" });
  await world.look();
  await world.clock.advance(1_000);
  world.onSettled(() => world.changeIssue(1, { status: "in_review" }));
  await world.look();
  assert.deepEqual([world.living(), world.claims.get(1)?.turns], [[], 1]);
});
