import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isFinished, statuses } from "../../domain/status.ts";
import type { DispatchIssue } from "./dispatch-issue.ts";
import { makeIssue, makeRules } from "./fixture.ts";
import { planStarts, type StartsInput } from "./plan-starts.ts";
import { countSlots } from "./slots.ts";

function plan(issues: readonly DispatchIssue[], part: Partial<StartsInput> = {}) {
  const rules = part.rules ?? makeRules();
  return planStarts({
    issues,
    rules,
    claimed: new Set(),
    slots: countSlots(rules.limit, []),
    spentToday: { cost: 0, tokens: 0 },
    paused: null,
    withoutCheckout: () => null,
    problemOf: () => null,
    ...part,
  });
}

const refs = (issues: readonly DispatchIssue[]) => issues.map(({ ref }) => ref);
const reasons = ({ others }: ReturnType<typeof plan>) => others.map(({ issue, why }) => `${issue.ref}: ${why}`);

test("urgent first and no priority last, then the oldest, then by ref", () => {
  const issues = [
    makeIssue({ issueId: 1, priority: 0, createdAt: 1 }),
    makeIssue({ issueId: 2, priority: 4, createdAt: 9 }),
    makeIssue({ issueId: 10, priority: 1, createdAt: 5 }),
    makeIssue({ issueId: 9, priority: 1, createdAt: 5 }),
    makeIssue({ issueId: 3, priority: 4, createdAt: 8 }),
    makeIssue({ issueId: 20, ref: "MIN-2", priority: 4, createdAt: 8 }),
    makeIssue({ issueId: 19, ref: "MIN-10", priority: 4, createdAt: 8 }),
  ];
  const rules = makeRules({}, { limit: { total: 9, perStatus: {} } });
  assert.deepEqual(refs(plan(issues, { rules }).start), [
    "shop#9",
    "shop#10",
    "MIN-2",
    "MIN-10",
    "shop#3",
    "shop#2",
    "shop#1",
  ]);
});

test("every matching issue that does not start has a reason", () => {
  const rules = makeRules(
    { labels: ["agent", "ready"], assignee: ["Ann", "none"], project: ["shop", "bare"] },
    { limit: { total: 2, perStatus: { planning: 1 } } },
  );
  const base = { labels: ["READY", "agent"], assignees: [{ login: "ann", isMe: false }] };
  const result = plan(
    [
      makeIssue({ ...base, issueId: 1 }),
      makeIssue({ ...base, issueId: 2, blockedBy: ["MIN-1", "PROJ-2"] }),
      makeIssue({ ...base, issueId: 3, agentState: "waiting" }),
      makeIssue({ ...base, issueId: 4, status: "planning", agentState: "failed", assignees: [] }),
      makeIssue({ ...base, issueId: 5, status: "planning" }),
      makeIssue({ ...base, issueId: 6 }),
      makeIssue({ ...base, issueId: 7, project: "bare" }),
      makeIssue({ ...base, issueId: 8 }),
      makeIssue({ ...base, issueId: 11, labels: ["agent"] }),
      makeIssue({ ...base, issueId: 12, assignees: [{ login: "bob", isMe: true }] }),
      makeIssue({ ...base, issueId: 13, status: "in_progress" }),
      makeIssue({ ...base, issueId: 14 }),
      makeIssue({ ...base, issueId: 15, project: "other" }),
    ],
    {
      rules,
      claimed: new Set([14]),
      withoutCheckout: (project) => (project === "bare" ? "no checkout" : null),
      problemOf: (issueId) => (issueId === 8 ? "its tracker cannot be read" : null),
    },
  );
  assert.deepEqual(refs(result.start), ["shop#1", "shop#4"]);
  assert.deepEqual(reasons(result), [
    "shop#2: blocked by MIN-1, PROJ-2",
    "shop#3: an agent is at work on it already",
    "shop#5: no free slot: 2 of 2 agents are at work",
    "shop#6: no free slot: 2 of 2 agents are at work",
    "shop#7: no checkout",
    "shop#8: its tracker cannot be read",
  ]);
});

test("a status's limit, a day's ceiling and a broken file keep the others waiting", () => {
  const rules = makeRules({}, { limit: { total: 9, perStatus: { backlog: 1 } }, cost: { perIssue: null, perDay: 5 } });
  const issues = [makeIssue({ issueId: 1 }), makeIssue({ issueId: 2 }), makeIssue({ issueId: 3, status: "planning" })];
  const slots = () => countSlots(rules.limit, []);
  assert.deepEqual(refs(plan(issues, { rules, slots: slots() }).start), ["shop#1", "shop#3"]);
  assert.deepEqual(reasons(plan(issues.slice(0, 2), { rules, slots: slots() })), [
    "shop#2: no free slot for Backlog: 1 of 1 agents are at work",
  ]);
  assert.deepEqual(plan(issues, { rules, slots: slots(), spentToday: { cost: 5, tokens: 0 } }).start, []);
  assert.deepEqual(
    reasons(plan(issues, { rules, slots: slots(), paused: "projects.yaml:3:1: wrong" })).map((reason) =>
      reason.slice(8),
    ),
    Array.from({ length: 3 }, () => "projects.yaml:3:1: wrong"),
  );
});

test("for any input, limits hold, only matching issues start, and nothing lacks a reason", () => {
  const anIssue = fc
    .record({
      status: fc.constantFrom(...statuses),
      priority: fc.constantFrom(0, 1, 2, 3, 4),
      createdAt: fc.nat(50),
      labels: fc.subarray(["agent", "bug"]),
      blockedBy: fc.subarray(["MIN-1"]),
      agentState: fc.constantFrom(null, "running" as const, "finished" as const),
    })
    .map((part) => part);
  fc.assert(
    fc.property(
      fc.array(anIssue, { maxLength: 30 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 0, max: 3 }),
      fc.array(fc.constantFrom(...statuses), { maxLength: 4 }),
      (parts, total, most, atWork) => {
        const issues = parts.map((part, index) => makeIssue({ ...part, issueId: index + 1 } as Partial<DispatchIssue>));
        const rules = makeRules({ labels: ["agent"] }, { limit: { total, perStatus: { backlog: most } } });
        const { start, others } = plan(issues, { rules, slots: countSlots(rules.limit, atWork) });
        assert.ok(start.length + Math.min(atWork.length, total) <= Math.max(total, atWork.length));
        const backlog = atWork.filter((status) => status === "backlog").length;
        assert.ok(start.filter(({ status }) => status === "backlog").length <= Math.max(0, most - backlog));
        for (const issue of start) {
          assert.ok(!isFinished(issue.status) && issue.labels.includes("agent") && issue.blockedBy.length === 0);
          assert.notEqual(issue.agentState, "running");
        }
        const matching = issues.filter(
          ({ status, labels }) => rules.when.status.includes(status) && labels.includes("agent"),
        );
        assert.equal(start.length + others.length, matching.length);
      },
    ),
  );
});
