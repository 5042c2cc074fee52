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

test("an issue whose tracker does not respond is left alone, and tried again", async () => {
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
  // It is not stopped either while the issue's state is unknown.
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

test("an agent without a sign of life is stopped and started again after the wait", async () => {
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

test("a broken file keeps running agents and starts no new ones; without rules agents continue on their own", async () => {
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
  // A process without valid rules does not know why an issue was claimed.
  world.file.rules = null;
  await world.look();
  assert.deepEqual([atWork(), world.claims.size], [[1], 1]);
  world.file.problem = null;
  await world.look();
  assert.deepEqual([atWork(), world.claims.size], [[1], 0]);
});

test("what reading a candidate shows counts: its labels, its blockers, the limit of its status", async () => {
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

test("what another server claims while it is being read belongs to that server", async () => {
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

test("after failures, no more continue than there are slots", async () => {
  const world = simulateWorld(2, rules);
  await world.look();
  for (const { id } of world.living()) world.change(id, { state: "failed" });
  await world.look();
  world.file.rules = { ...rules, limit: { total: 1, perStatus: {} } };
  await world.clock.advance(60_000);
  await world.look();
  assert.equal(world.living().length, 1);
});

test("while agents fail, no more issues are claimed than there are slots; given up, they make room", async () => {
  const world = simulateWorld(6, { ...rules, limit: { total: 2, perStatus: {} } });
  world.starting.refusal = "The key has expired.";
  await world.look();
  assert.deepEqual([...world.claims.keys()], [1, 2]);
  for (let second = 0; second < 60; second++) {
    await world.clock.advance(1_000);
    await world.look();
  }
  assert.deepEqual([...world.claims.keys()], [1, 2]);
  assert.equal(
    (await world.plan()).others[0]?.why,
    "no free slot: 0 of 2 agents are at work, 2 failed and will be tried again",
  );
  for (let minute = 0; minute < 3; minute++) {
    await world.clock.advance(60_000);
    await world.look();
    await world.look();
  }
  assert.ok([1, 2].every((id) => world.claims.get(id)?.ended));
  await world.look();
  assert.deepEqual([...world.claims.keys()], [1, 2, 3, 4]);
});

test("an issue is read before each of its turns, and none starts if the tracker no longer matches", async () => {
  const world = simulateWorld(1, rules);
  await world.look();
  world.change(1, { state: "finished" });
  await world.look();
  world.fresh.set(1, { labels: [] });
  // Older than a read may be before a turn, and younger than it may be otherwise.
  await world.clock.advance(10_000);
  await world.look();
  assert.deepEqual(world.living(), []);
  await world.look();
  assert.match(world.claims.get(1)?.ended ?? "", /do not match any more/);
});

test("a finished issue's workspace is removed, never by force, and its claim is released in any case", async () => {
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

test("a finished issue waits for its after_run, and nothing else does", async () => {
  const world = simulateWorld(3, rules);
  await world.look();
  world.afterRun.add(1);
  world.changeIssue(1, { status: "done" });
  world.changeIssue(2, { status: "done" });
  await world.look();
  // Its slot is taken until the hook after its run has finished.
  assert.deepEqual([world.removals.length, [...world.claims.keys()]], [1, [1, 3]]);
  world.afterRun.clear();
  await world.look();
  assert.deepEqual([world.removals.length, [...world.claims.keys()]], [2, [3]]);
});

test("an issue moved by a person keeps its workspace", async () => {
  const world = simulateWorld(1, rules);
  await world.look();
  await world.clock.advance(1_000);
  world.changeIssue(1, { status: "in_progress" }, true);
  await world.look();
  assert.deepEqual([world.living(), world.removals], [[], []]);
});

test("a failed start counts as a failure, is reported, and is tried again after the wait", async () => {
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

test("the agent named by the rules is started, else the project's", async () => {
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

test("a tracker that takes too long counts as unreadable", async () => {
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

test("a released issue is not read any more", async () => {
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

test("an agent whose issue is gone is stopped, by its number", async () => {
  const world = simulateWorld(1, rules);
  await world.look();
  const [agent] = world.living();
  world.issues.delete(1);
  world.change(1, { issue: { ...(agent?.issue ?? assert.fail()), issueId: null } });
  await world.look();
  assert.deepEqual([world.living(), world.removals], [[], []]);
  assert.match(world.agents[0]?.reason ?? "", /not on the board any more/);
});

test("agents from before the claim are not its own, and the cost of others is not counted", async () => {
  const world = simulateWorld(1, {
    ...rules,
    cost: { perIssue: 5, perDay: 8 },
    turns: 1,
  });
  const issue = { issueId: 1, ref: "shop#1", title: "", tracker: "alpha" };
  const at = world.clock.now();
  // A person's, today, and one of dispatch that was released before.
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

test("agents in the workspace of a finished issue are ended, whatever happens to the workspace", async () => {
  const world = simulateWorld(1, rules);
  world.withWork.add(1);
  await world.look();
  world.change(1, { state: "finished" });
  world.changeIssue(1, { status: "done" });
  await world.look();
  assert.deepEqual([world.emptied, world.claims.size], [[1], 0]);
});

test("reading the plan changes nothing", async () => {
  const world = simulateWorld(2, rules);
  const { start } = await world.plan();
  assert.deepEqual([start.length, world.agents.length, world.claims.size], [2, 0, 0]);
  await world.look();
  world.change(1, { state: "finished" });
  const before = JSON.stringify([world.agents, [...world.claims]]);
  await world.plan();
  assert.equal(JSON.stringify([world.agents, [...world.claims]]), before);
});

test("an agent that hands in gets no further turn before its issue has moved", async () => {
  const world = simulateWorld(1, rules);
  await world.look();
  world.change(1, { state: "finished" });
  await world.look();
  await world.clock.advance(1_000);
  world.onSettled(() => world.changeIssue(1, { status: "in_review" }));
  await world.look();
  assert.deepEqual([world.living(), world.claims.get(1)?.turns], [[], 1]);
});
