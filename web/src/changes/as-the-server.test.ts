import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import type { BoardShape, IssueShape } from "../../../src/server/contract/issue.ts";
import type { IssuePatch } from "../../../src/server/contract/change.ts";
import { after, before } from "../../../test/support/hooks.ts";
import { fillStore } from "../../../test/support/invented-issues.ts";
import { type ServerHarness, startServerHarness } from "../../../test/support/server-harness.ts";
import { cardKey, type BoardData } from "../board/data/board-data.ts";
import { parseQuery } from "../filter/board-query.ts";
import { compareCards } from "./card-order.ts";
import { changeBoard } from "./change-board.ts";
import type { LocalChange } from "./local-change.ts";
import type { ShownChange } from "./shown-change.ts";

// Optimistic updates must predict the server's result: the same cards in the same columns, the same counts.

const labels = [
  { name: "bug", color: "#d73a4a" },
  { name: "documentation", color: "#0075ca" },
  { name: "help wanted", color: "#008672" },
];
/** The made-up workflow has one state per status. */
const states = {
  backlog: "Backlog",
  planning: "Spec",
  in_progress: "In Progress",
  in_review: "Code Review",
  done: "Done",
  canceled: "Canceled",
} as const;
const someLabels = fc.subarray(labels, { maxLength: 2 });

const chips = [
  "tracker=alpha",
  "status=backlog",
  "status=done,backlog",
  "assignee=ada",
  "assignee=none",
  "label=bug",
  "label=BUG,documentation",
  "priority=urgent",
  "priority=none",
  "type=bug",
  "cycle=none",
  "cycle=Sprint+12",
  "state=Spec",
  "blocked=yes",
  "blocked=no",
  "agent=none",
  "updated=%3E2026-11-21",
];
const search = fc
  .record({
    chips: fc.uniqueArray(fc.constantFrom(...chips), { maxLength: 2, selector: (chip) => chip.split("=")[0] }),
    sort: fc.constantFrom("priority", "-priority", "updated", "created", "manual"),
  })
  .map(({ chips: chosen, sort }) => [...chosen, `sort=${sort}`].join("&"));

const someChange = fc.record(
  {
    status: fc.constantFrom(...(Object.keys(states) as (keyof typeof states)[])),
    priority: fc.constantFrom(0, 1, 2, 3, 4),
    title: fc.constantFrom("One title", "Another title"),
    add: someLabels,
    remove: someLabels,
    isEverySprintOver: fc.boolean(),
  },
  { requiredKeys: [] },
);
type Change = typeof someChange extends fc.Arbitrary<infer One> ? One : never;

let harness: ServerHarness;
before(async () => {
  harness = await startServerHarness({ prepare: (store) => fillStore(store, 9, Date.now()) });
});
after(() => harness.close());

async function readBoard(query: string): Promise<BoardData> {
  const answer = await harness.ask(`/api/board?limit=1000&${query}`);
  assert.equal(answer.status, 200, answer.text);
  const board = answer.json() as BoardShape;
  return {
    ...board,
    grouping: "status",
    columns: board.columns.map(({ status, total, issues, cursor }) => ({
      group: status,
      total,
      byStatus: null,
      issues,
      cursor,
    })),
  };
}

/** The change as the patch for the server and as the page's optimistic update. */
function bothWays(change: Change): { readonly patch: IssuePatch; readonly shown: ShownChange } {
  const { status, priority, title, add, remove, isEverySprintOver } = change;
  const gone = remove?.filter((label) => add?.includes(label) !== true).map(({ name }) => name);
  const same = {
    ...(status !== undefined && { status }),
    ...(priority !== undefined && { priority }),
    ...(title !== undefined && { title }),
    ...(gone !== undefined && { removeLabels: gone }),
    ...(isEverySprintOver === true && { cycle: null }),
  };
  return {
    patch: { ...same, ...(add !== undefined && { addLabels: add.map(({ name }) => name) }) },
    shown: {
      ...(same as ShownChange),
      ...(status !== undefined && { nativeState: states[status] }),
      ...(add !== undefined && { addLabels: add }),
    },
  };
}

/** Waits until the clock has moved past everything so far. */
async function nextMoment(): Promise<string> {
  const now = Date.now();
  while (Date.now() === now) await setImmediate();
  return new Date().toISOString();
}

/** The issue after the server applied the patch; null: the server refused it. */
async function change(issue: IssueShape, patch: IssuePatch): Promise<IssueShape | null> {
  const { status, json } = await harness.ask(`/api/issues/${encodeURIComponent(issue.address)}`, {
    method: "PATCH",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(patch),
  });
  return status === 200 ? (json() as IssueShape) : null;
}

function lookOf({ title, priority, status, nativeState, labels: own, cycle }: IssueShape): unknown {
  return { title, priority, status, state: nativeState.name, labels: own.map(({ name }) => name).toSorted(), cycle };
}

test("the optimistic update matches the server's result", async () => {
  let shownChanges = 0;
  let ordered = 0;
  const acts = fc.array(fc.record({ at: fc.nat(), change: someChange }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(search, acts, async (written, taken) => {
      const { query, problems } = parseQuery(written);
      assert.deepEqual(problems, []);
      const board = await readBoard(written);
      const loaded = board.columns.flatMap(({ issues }) => issues);
      const changes: LocalChange[] = [];
      const isLeft: boolean[] = [];
      for (const one of taken) {
        const issue = loaded[one.at % Math.max(1, loaded.length)];
        if (issue === undefined) continue;
        const { patch, shown } = bothWays(one.change);
        const madeAt = await nextMoment();
        const answer = await change(issue, patch);
        if (answer === null) continue;
        isLeft.push(answer.updatedAt >= madeAt);
        shownChanges += 1;
        const made = { key: cardKey(issue), before: issue, shown, madeAt, answer: null, answeredAt: null, putAt: null };
        changes.push({ id: shownChanges, ...made });
      }
      await nextMoment();
      // Only the server knows the order of issues created at the same time or changed back.
      const isOrdered = isLeft.every(Boolean) && (query.sort.name === "priority" || query.sort.name === "updated");
      if (isOrdered) ordered += isLeft.length;
      const atOnce = changeBoard(board, changes, 0, { query, mine: new Set() });
      const later = await readBoard(written);
      assert.equal(atOnce.total, later.total);
      for (const [index, column] of atOnce.columns.entries()) {
        const other = later.columns[index];
        assert.ok(other);
        assert.equal(column.total, other.total);
        const looks = (issues: readonly IssueShape[]) =>
          new Map(issues.map((issue) => [cardKey(issue), lookOf(issue)]));
        assert.deepEqual(looks(column.issues), looks(other.issues));
        if (isOrdered) assert.deepEqual(column.issues.map(cardKey), other.issues.map(cardKey));
        // The order of equal cards is up to the server.
        for (const list of [column.issues, other.issues]) {
          assert.ok(
            list.every((issue, at) => at === 0 || compareCards(list[at - 1] ?? issue, issue, query.sort) <= 0),
            "in order",
          );
        }
      }
    }),
    { numRuns: 100 },
  );
  assert.ok(shownChanges > 50, `${shownChanges} changes were compared`);
  assert.ok(ordered > 30, `of ${ordered} changes the order was compared`);
});
