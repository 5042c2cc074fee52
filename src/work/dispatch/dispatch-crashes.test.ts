import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { makeRules } from "./fixture.ts";
import { simulateWorld } from "../../../test/support/simulation/simulated-dispatch.ts";

const rules = makeRules({ labels: ["agent"] }, { limit: { total: 2, perStatus: {} }, turns: 6 });

test("wherever the process dies, each issue has one agent and keeps its claim", async () => {
  for (let diesAfter = 0; diesAfter < 60; diesAfter += 1) {
    const world = simulateWorld(2, rules);
    const died = await world.look(diesAfter);
    for (let turn = 0; turn < 4; turn += 1) {
      await world.clock.advance(1);
      await world.look();
    }
    assert.deepEqual(
      world
        .living()
        .map(({ issue }) => issue.ref)
        .toSorted(),
      ["shop#1", "shop#2"],
      `dies after ${diesAfter} calls`,
    );
    assert.deepEqual(world.doubled, []);
    for (const claim of world.claims.values()) {
      assert.deepEqual([claim.turns, claim.failures, claim.ended], [1, 0, null], `dies after ${diesAfter} calls`);
    }
    if (!died) return;
  }
  assert.fail("a turn of care has fewer calls than that");
});

type Event =
  | {
      readonly kind: "agent";
      readonly pick: number;
      readonly state: "running" | "finished" | "failed" | "waiting" | "lost" | "stopped";
    }
  | {
      readonly kind: "issue";
      readonly pick: number;
      readonly what: "hand" | "done" | "label" | "unlabel" | "block" | "free" | "review" | "backlog";
    }
  | { readonly kind: "reading"; readonly pick: number; readonly ok: boolean }
  | { readonly kind: "time"; readonly ms: number }
  | { readonly kind: "look"; readonly diesAfter: number };

const anEvent: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("look" as const), diesAfter: fc.oneof(fc.constant(-1), fc.nat(40)) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("agent" as const),
      pick: fc.nat(9),
      state: fc.constantFrom("running", "finished", "failed", "waiting", "lost", "stopped"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("issue" as const),
      pick: fc.nat(9),
      what: fc.constantFrom("hand", "done", "label", "unlabel", "block", "free", "review", "backlog"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("reading" as const), pick: fc.nat(9), ok: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("time" as const),
      ms: fc.constantFrom(1, 1_000, 11_000, 61_000, 400_000),
    }),
  },
);

const issueCount = 4;

async function happen(world: ReturnType<typeof simulateWorld>, event: Event): Promise<void> {
  const issueId = "pick" in event ? (event.pick % issueCount) + 1 : 0;
  switch (event.kind) {
    case "agent": {
      const agent = world.living()[event.pick % Math.max(1, world.living().length)];
      if (agent !== undefined)
        world.change(agent.id, { state: event.state, reason: null, lastOutputAt: world.clock.now() });
      return;
    }
    case "issue":
      if (event.what === "hand") world.changeIssue(issueId, { status: "planning" }, true);
      if (event.what === "backlog") world.changeIssue(issueId, { status: "backlog" }, true);
      if (event.what === "done") world.changeIssue(issueId, { status: "done" }, true);
      if (event.what === "review") world.changeIssue(issueId, { status: "in_review" });
      if (event.what === "label") world.changeIssue(issueId, { labels: ["agent"] });
      if (event.what === "unlabel") world.changeIssue(issueId, { labels: [] });
      if (event.what === "block") world.changeIssue(issueId, { blockedBy: ["MIN-1"] });
      if (event.what === "free") world.changeIssue(issueId, { blockedBy: [] });
      return;
    case "reading":
      if (event.ok) world.unreadable.delete(issueId);
      else world.unreadable.add(issueId);
      return;
    case "time":
      return world.clock.advance(event.ms);
    case "look":
      await world.look(event.diesAfter);
  }
}

test("whatever happens, and whenever the process dies: no issue has two agents, limits hold, no agent is forgotten", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anEvent, { minLength: 5, maxLength: 60 }), async (events) => {
      const world = simulateWorld(issueCount, rules);
      for (const event of events) {
        await happen(world, event);
        const living = world.living();
        assert.equal(new Set(living.map(({ issue }) => issue.issueId)).size, living.length, "one agent an issue");
        assert.ok(living.length <= rules.limit.total, `${living.length} at work`);
        assert.deepEqual(world.doubled, []);
      }
      // Without further trouble, everything recovers.
      world.unreadable.clear();
      for (let turn = 0; turn < 4; turn += 1) {
        await world.clock.advance(61_000);
        await world.look();
      }
      for (const { issue } of world.living()) {
        const claim = world.claims.get(issue.issueId ?? 0);
        assert.equal(claim?.ended, null, "each agent at work has a claim that lasts");
        const known = world.issues.get(issue.issueId ?? 0)?.issue;
        assert.ok(
          known !== undefined && known.status !== "done" && known.labels.length > 0,
          "and an issue that is for it",
        );
      }
      for (const claim of world.claims.values()) assert.ok(claim.turns <= rules.turns);
    }),
    { numRuns: 300 },
  );
});
