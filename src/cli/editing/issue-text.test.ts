import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { statuses } from "../../domain/status.ts";
import type { IssueDetailShape } from "../../server/contract/issue.ts";
import { toIssueText, toTextPatch } from "./issue-text.ts";

const person = (login: string) => ({ login, name: login, avatarUrl: null });

function makeIssue(part: Partial<IssueDetailShape> = {}): IssueDetailShape {
  return {
    ref: "app#1",
    address: "app#1",
    tracker: "alpha",
    project: "app",
    source: "alpha:acme/app",
    nativeId: "n1",
    url: "https://alpha.example/acme/app/issues/1",
    type: "issue",
    title: "The title",
    status: "in_progress",
    nativeState: { name: "Open", category: "open" },
    priority: 2,
    nativePriority: null,
    labels: [
      { name: "bug", color: null },
      { name: "area: ui", color: null },
    ],
    assignees: [person("ann")],
    author: null,
    parent: { ref: "app#2", address: "app#2", key: "app#2", title: "Above", url: "https://tracker.example/app/2" },
    children: { done: 0, total: 0 },
    cycle: { name: "Sprint 1", startsAt: null, endsAt: null },
    createdAt: "2026-01-01T00:00:00.000Z",
    updatedAt: "2026-01-01T00:00:00.000Z",
    rank: 0,
    closedAt: null,
    dueDate: "2026-11-22",
    estimate: 3,
    commentCount: null,
    blockedBy: [],
    sync: { state: "synced", reason: null, operation: null, waitsUntil: null },
    shadow: null,
    workspace: null,
    agent: null,
    body: "First\n\n---\n\nSecond\n",
    relations: [],
    mentions: [],
    shortForms: [],
    comments: [],
    commentsFetchedAt: null,
    attachments: [],
    history: [],
    historyTotal: 0,
    historyCursor: null,
    ...part,
  };
}

const text = `---
status: In Progress
priority: high
labels: [bug, "area: ui"]
assignees: [ann]
cycle: Sprint 1
due: 2026-11-22
estimate: 3
parent: app#2
---
# The title

First

---

Second
`;

/** The texts the edit started from; later changes in the tracker are compared with them. */
const base = { title: "The title", body: "First\n\n---\n\nSecond\n" };

test("renders an issue as a text with its fields as front matter", () => {
  assert.equal(toIssueText(makeIssue()), text);
});

test("an unchanged or empty text changes nothing", () => {
  assert.equal(toTextPatch(makeIssue(), text), null);
  assert.equal(toTextPatch(makeIssue(), text.replaceAll("\n", "\r\n")), null);
  assert.equal(toTextPatch(makeIssue(), " \n"), null);
});

for (const [what, from, to, patch] of [
  ["the title", "# The title", "# Another", { title: "Another", base }],
  ["the title without its mark", "# The title", "Another", { title: "Another", base }],
  ["the body", "Second", "Third", { body: "First\n\n---\n\nThird", base }],
  ["the status", "In Progress", "done", { status: "done" }],
  ["the priority", "high", "1", { priority: "1" }],
  ["labels", "[bug, ", "[docs, ", { addLabels: ["docs"], removeLabels: ["bug"] }],
  ["all labels", 'labels: [bug, "area: ui"]', "labels:", { removeLabels: ["bug", "area: ui"] }],
  [
    "labels as lines",
    'labels: [bug, "area: ui"]',
    "labels:\n  - bug\n  - new",
    { addLabels: ["new"], removeLabels: ["area: ui"] },
  ],
  ["assignees", "[ann]", "[me, ann]", { addAssignees: ["me"] }],
  ["the cycle", "cycle: Sprint 1", "cycle:", { cycle: null }],
  ["the due date", "2026-11-22", "2026-12-24", { dueDate: "2026-12-24" }],
  ["the estimate", "estimate: 3", "estimate: 0.5", { estimate: 0.5 }],
  ["the parent", "app#2", "MIN-7", { parent: "MIN-7" }],
  ["nothing for a line that is taken out", "due: 2026-11-22\n", "", null],
  ["nothing for a status that is emptied", "status: In Progress", "status:", null],
] as const) {
  test(`editing ${what}`, () => {
    assert.ok(text.includes(from));
    assert.deepEqual(toTextPatch(makeIssue(), text.replace(from, to)), patch);
  });
}

for (const [what, from, to, message] of [
  ["an unknown name", "labels:", "lables:", /“lables” between the dashes/],
  ["what is no YAML", "[ann]", "[ann", /between the dashes cannot be read/],
  ["an estimate in words", "estimate: 3", "estimate: three", /estimate is not a number/],
  ["a list of lists", "[ann]", "[[ann]]", /not a word/],
] as const) {
  test(`${what} is rejected`, () => {
    assert.throws(() => toTextPatch(makeIssue(), text.replace(from, to)), { code: "invalid_input", message });
  });
}

test("the unedited text of any issue changes nothing", () => {
  const line = fc.string({ unit: "grapheme", maxLength: 40 }).map((one) => one.replace(/\s+/gu, " ").trim());
  const word = line.filter((one) => one !== "");
  const issue = fc.record({
    title: word.filter((one) => !/^#\s/.test(one)),
    body: fc.array(line, { maxLength: 5 }).map((lines) => lines.join("\n").trim()),
    status: fc.constantFrom(...statuses),
    labels: fc.uniqueArray(word, { maxLength: 3 }).map((names) => names.map((name) => ({ name, color: null }))),
    assignees: fc.uniqueArray(word, { maxLength: 3 }).map((logins) => logins.map(person)),
    cycle: fc.option(word.map((name) => ({ name, startsAt: null, endsAt: null }))),
    estimate: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true, min: 0, max: 1e6 })),
  });
  fc.assert(
    fc.property(issue, (part) => {
      const made = makeIssue(part);
      assert.equal(toTextPatch(made, toIssueText(made)), null);
    }),
  );
});
