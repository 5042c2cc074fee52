import assert from "node:assert/strict";
import { test } from "node:test";
import type { Agent, Claim } from "../../domain/agent.ts";
import { backoffMs, type ClaimView, decideClaim, holdsSlot } from "./decide-claim.ts";
import { countSlots, statusesAtWork } from "./slots.ts";
import { ofToday } from "./spending.ts";
import { makeAgent, makeClaim, makeIssue, makeRules } from "./fixture.ts";

const now = 1_000_000;
const rules = makeRules({ labels: ["agent"], assignee: ["me"] });

type Case = {
  readonly name: string;
  readonly claim?: Partial<Claim>;
  readonly agent?: Partial<Agent> | null;
  readonly view?: Partial<ClaimView>;
  readonly expected: unknown;
};

const issue = makeIssue({ labels: ["Agent"], assignees: [{ login: "ann", isMe: true }], status: "in_progress" });
const wait = (why: string | null) => ({ do: "wait", why });

const cases: readonly Case[] = [
  {
    name: "claimed and never started",
    agent: null,
    claim: { agentId: null, turns: 0 },
    expected: { do: "begin", resume: false },
  },
  { name: "at work", agent: { state: "running", lastOutputAt: now }, expected: wait(null) },
  {
    name: "asks somebody, however long",
    agent: { state: "waiting", reason: "Shall I?", lastOutputAt: 1, startedAt: 1 },
    expected: wait(null),
  },
  {
    name: "its workspace is being made, however long that takes",
    agent: { state: "starting", since: 1, startedAt: 1 },
    expected: wait(null),
  },
  {
    name: "silent for longer than the limit",
    agent: { state: "running", lastOutputAt: now - 300_001, since: now - 900_000, startedAt: now - 900_000 },
    expected: { do: "stop_stalled", why: "no sign of life for 300 s", patch: { failures: 1, nextAt: now + 10_000 } },
  },
  {
    name: "taken to wait because it is silent",
    agent: { state: "waiting", reason: "silent for 60 s", since: now - 1, lastOutputAt: now - 300_000, startedAt: 2 },
    expected: { do: "stop_stalled", why: "no sign of life for 300 s", patch: { failures: 1, nextAt: now + 10_000 } },
  },
  {
    name: "a clean exit",
    agent: { state: "finished" },
    expected: { do: "note", patch: { failures: 0, nextAt: now + 1_000 } },
  },
  {
    name: "after a clean exit, still too soon",
    agent: { state: "finished" },
    claim: { nextAt: now + 1 },
    expected: wait(null),
  },
  {
    name: "the next turn, in its own session",
    agent: { state: "finished" },
    claim: { nextAt: now },
    expected: { do: "begin", resume: true },
  },
  {
    name: "handed in",
    agent: { state: "finished" },
    claim: { nextAt: now },
    view: { issue: { ...issue, status: "in_review" } },
    expected: wait("handed in, waits for its review"),
  },
  {
    name: "its turns are used up",
    agent: { state: "finished" },
    claim: { nextAt: now, turns: 20 },
    expected: { do: "let_go", why: "its 20 turns are used up" },
  },
  {
    name: "a failure",
    agent: { state: "failed", reason: "exit 3: oh" },
    claim: { failures: 2 },
    expected: { do: "note", patch: { failures: 3, nextAt: now + 40_000 } },
  },
  {
    name: "gone without an exit",
    agent: { state: "lost" },
    expected: { do: "note", patch: { failures: 1, nextAt: now + 10_000 } },
  },
  {
    name: "the server died before it began",
    agent: { state: "failed", reason: "Panopticon was stopped before it started." },
    expected: { do: "note", patch: { turns: 0, nextAt: now + 1 } },
  },
  {
    name: "stopped for its silence, and that was not written down",
    agent: { state: "stopped", reason: "no sign of life for 301 s" },
    expected: { do: "note", patch: { failures: 1, nextAt: now + 10_000 } },
  },
  {
    name: "after a failure it begins anew",
    agent: { state: "failed" },
    claim: { failures: 1, nextAt: now },
    expected: { do: "begin", resume: false },
  },
  {
    name: "too many failures",
    agent: { state: "failed", reason: "exit 3: oh" },
    claim: { failures: 5, nextAt: now + 9 },
    expected: { do: "let_go", why: "it failed 5 times in a row: exit 3: oh" },
  },
  {
    name: "it could never be started",
    agent: null,
    claim: { agentId: null, turns: 0, failures: 5, nextAt: now },
    view: { problem: "The agent's program is not installed." },
    expected: { do: "let_go", why: "it failed 5 times in a row: The agent's program is not installed." },
  },
  {
    name: "somebody stopped its agent",
    agent: { state: "stopped", reason: "stopped by you" },
    expected: { do: "let_go", why: "its agent was stopped by you" },
  },
  {
    name: "done",
    agent: { state: "running" },
    view: { issue: { ...issue, status: "done" } },
    expected: { do: "finish", why: "done" },
  },
  {
    name: "canceled",
    agent: { state: "running" },
    view: { issue: { ...issue, status: "canceled" } },
    expected: { do: "finish", why: "canceled" },
  },
  {
    name: "moved by hand",
    agent: { state: "running" },
    view: { setByHandAt: 501 },
    expected: { do: "let_go", why: "somebody moved it to In Progress" },
  },
  {
    name: "moved by hand before it was claimed",
    agent: { state: "running", lastOutputAt: now },
    view: { setByHandAt: 500 },
    expected: wait(null),
  },
  {
    name: "its label is gone",
    agent: { state: "running" },
    view: { issue: { ...issue, labels: [] } },
    expected: { do: "let_go", why: "its labels or its assignee do not match any more" },
  },
  {
    name: "somebody else's now",
    agent: { state: "running" },
    view: { issue: { ...issue, assignees: [{ login: "bob", isMe: false }] } },
    expected: { do: "let_go", why: "its labels or its assignee do not match any more" },
  },
  {
    name: "not on the board any more",
    agent: { state: "running" },
    view: { issue: null },
    expected: { do: "let_go", why: "the issue is not on the board any more" },
  },
  {
    name: "let go, and not on the board any more",
    agent: { state: "stopped" },
    claim: { ended: "x" },
    view: { issue: null },
    expected: { do: "release" },
  },
  {
    name: "let go, and it still matches",
    agent: { state: "stopped" },
    claim: { ended: "somebody moved it" },
    view: { issue: { ...issue, status: "backlog" } },
    expected: wait("somebody moved it"),
  },
  {
    name: "let go, and only its agent has moved it out of the rules",
    agent: { state: "failed" },
    claim: { ended: "it failed 3 times in a row" },
    expected: wait("it failed 3 times in a row"),
  },
  {
    name: "let go, and a person has moved it out of the rules",
    agent: { state: "stopped" },
    claim: { ended: "x" },
    view: { setByHandAt: 700 },
    expected: { do: "release" },
  },
  {
    name: "let go, and finished",
    agent: { state: "stopped" },
    claim: { ended: "x" },
    view: { issue: { ...issue, status: "done" } },
    expected: { do: "release" },
  },
  {
    name: "let go, and somebody else's now",
    agent: { state: "stopped" },
    claim: { ended: "x" },
    view: { issue: { ...issue, assignees: [{ login: "bob", isMe: false }] } },
    expected: { do: "release" },
  },
  {
    name: "an agent that the claim does not know yet",
    agent: { id: 8, state: "starting", startedAt: 600 },
    claim: { agentId: null, turns: 0 },
    expected: { do: "note", patch: { agentId: 8, turns: 1, nextAt: null } },
  },
  {
    name: "a next turn that the claim does not know yet",
    agent: { state: "running", startedAt: 700 },
    claim: { nextAt: 700, turns: 3 },
    expected: { do: "note", patch: { agentId: 7, turns: 4, nextAt: null } },
  },
  {
    name: "a next turn that failed before the claim knew of it",
    agent: { state: "failed", startedAt: 700 },
    claim: { nextAt: 700, turns: 3 },
    expected: { do: "note", patch: { agentId: 7, turns: 4, nextAt: null } },
  },
];

for (const { name, claim = {}, agent, view = {}, expected } of cases) {
  test(name, () => {
    const known: ClaimView = {
      claim: makeClaim({ agentId: 7, turns: 1, claimedAt: 500, ...claim }),
      issue,
      setByHandAt: null,
      agent: agent === null ? null : makeAgent({ id: 7, startedAt: 600, since: 600, ...agent }),
      problem: null,
      spent: { cost: 0, tokens: 0 },
      spentToday: { cost: 0, tokens: 0 },
      ...view,
    };
    assert.deepEqual(decideClaim(known, rules, now), expected);
  });
}

test("the spending of an issue or a day prevents new turns, and does not end running ones", () => {
  const limited = { ...rules, cost: { perIssue: 3, perDay: 10 }, tokens: { perIssue: null, perDay: 500 } };
  const view = (spent: number, today: number, tokens = 0, state: Agent["state"] = "finished"): ClaimView => ({
    claim: makeClaim({ agentId: 7, turns: 1, claimedAt: 500, nextAt: state === "finished" ? now : null }),
    issue,
    setByHandAt: null,
    agent: makeAgent({ id: 7, startedAt: 600, state, lastOutputAt: now }),
    problem: null,
    spent: { cost: spent, tokens: 0 },
    spentToday: { cost: today, tokens },
  });
  assert.deepEqual(decideClaim(view(2.99, 9), limited, now), { do: "begin", resume: true });
  assert.deepEqual(decideClaim(view(3, 9), limited, now), { do: "let_go", why: "$3.00 of $3 are spent on this issue" });
  assert.deepEqual(decideClaim(view(1, 10.5), limited, now), wait("$10.50 of $10 are spent today"));
  assert.deepEqual(decideClaim(view(1, 1, 500), limited, now), wait("500 of 500 tokens are used today"));
  assert.deepEqual(decideClaim(view(9, 99, 999, "running"), limited, now), wait(null));
});

test("a day starts at midnight on this machine", () => {
  const at = (hour: number, day = 12) => new Date(2026, 4, day, hour).getTime();
  const agents = [
    makeAgent({ id: 1, startedAt: at(22, 11), lastOutputAt: at(23, 11) }),
    makeAgent({ id: 2, startedAt: at(22, 11), lastOutputAt: at(1) }),
    makeAgent({ id: 3, startedAt: at(0) }),
  ];
  assert.deepEqual(
    ofToday(agents, at(9)).map(({ id }) => id),
    [2, 3],
  );
});

test("the wait doubles up to the maximum", () => {
  const retries = { backoffMs: 10_000, capMs: 300_000, attempts: 9 };
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6, 60].map((failures) => backoffMs(failures, retries) / 1_000),
    [10, 20, 40, 80, 160, 300, 300],
  );
});

test("a slot is held while running and between two turns", () => {
  const holds = (
    claim: Partial<Claim>,
    state: Agent["state"] | null,
    status: "in_progress" | "in_review" = "in_progress",
  ) =>
    holdsSlot({
      claim: makeClaim(claim),
      issue: makeIssue({ status }),
      agent: state === null ? null : makeAgent({ state }),
    });
  assert.ok(holds({}, null), "claimed, and not started yet");
  assert.ok(holds({}, "running") && holds({}, "waiting") && holds({ failures: 2 }, "starting"));
  assert.ok(holds({ nextAt: 1 }, "finished"), "goes on in a moment");
  assert.ok(!holds({ nextAt: 1 }, "finished", "in_review"));
  assert.ok(!holds({ failures: 1, nextAt: 1 }, "failed"));
  assert.ok(!holds({ ended: "somebody moved it" }, "stopped"));
  // The status of a missing issue is unknown, but its agent still runs.
  const slots = countSlots(
    { total: 9, perStatus: { in_progress: 1 } },
    statusesAtWork([
      {
        claim: makeClaim(),
        issue: null,
        agent: makeAgent({ state: "running" }),
        setByHandAt: null,
        problem: null,
        spent: { cost: 0, tokens: 0 },
        spentToday: { cost: 0, tokens: 0 },
      },
    ]),
  );
  assert.match(slots.full("in_progress") ?? "", /no free slot for In Progress: 1 of 1/);
  assert.equal(slots.full("backlog"), null);
});
