import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachStatus } from "../../../src/domain/status.ts";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { cardKey, type BoardData } from "../board/data/board-data.ts";
import { inventedBoard, inventedIssue } from "../board/data/invented-board.ts";
import { awaitName, noteName } from "../board/data/new-names.ts";
import { emptyQuery, parseQuery } from "../filter/board-query.ts";
import { changeBoard } from "./change-board.ts";
import type { LocalChange } from "./local-change.ts";
import type { ShownChange } from "./shown-change.ts";

const view = { query: emptyQuery, mine: new Set(["one:ada"]) };

function filtered(search: string) {
  return { ...view, query: parseQuery(search).query };
}

let lastId = 0;
function changed(before: IssueShape, shown: ShownChange, more: Partial<LocalChange> = {}): LocalChange {
  lastId += 1;
  const made = { key: cardKey(before), before, shown, madeAt: "2026-11-03T00:00:00.000Z" };
  return { id: lastId, ...made, answer: null, answeredAt: null, putAt: null, ...more };
}

function cardOf(board: BoardData, ref: string): IssueShape {
  const found = board.columns.flatMap(({ issues }) => issues).find((issue) => issue.ref === ref);
  assert.ok(found, ref);
  return found;
}

function refsOf(board: BoardData): Record<string, string[]> {
  return Object.fromEntries(board.columns.map(({ group, issues }) => [group, issues.map(({ ref }) => ref)]));
}

function totalsOf(board: BoardData): Record<string, number> {
  return Object.fromEntries(board.columns.map(({ group, total }) => [group, total]));
}

test("a moved card appears in its new column immediately, with correct counts everywhere", () => {
  const board = inventedBoard({ backlog: ["A-1", "A-2"], done: ["A-3"], canceled: [] });
  const after = changeBoard(board, [changed(cardOf(board, "A-1"), { status: "done" })], 5, view);
  assert.deepEqual(refsOf(after), { backlog: ["A-2"], done: ["A-1", "A-3"], canceled: [] });
  assert.deepEqual(totalsOf(after), { backlog: 1, done: 2, canceled: 0 });
  assert.equal(after.total, 3);
  assert.equal(cardOf(after, "A-1").sync.state, "pending");
  // Columns and cards the change does not touch keep their identity.
  assert.equal(after.columns[2], board.columns[2]);
  assert.equal(cardOf(after, "A-2"), cardOf(board, "A-2"));
});

test("a group's counts by status follow a move inside it", () => {
  const start = inventedBoard({ backlog: ["A-1", "A-2"] }, { grouping: "project" });
  const byStatus = forEachStatus((status) => (status === "backlog" ? 2 : 0));
  const board = { ...start, columns: start.columns.map((column) => ({ ...column, group: "app", byStatus })) };
  const [app] = changeBoard(board, [changed(cardOf(board, "A-1"), { status: "done" })], 5, view).columns;
  assert.equal(app?.total, 2);
  assert.deepEqual(app.byStatus, { ...byStatus, backlog: 1, done: 1 });
});

test("puts a card where the sort order wants it, before its equals because it was updated last", () => {
  const board = inventedBoard({ backlog: ["A-1"], done: [] });
  const done = ["1", "2", "3"].map((priority) =>
    inventedIssue(`D-${priority}`, { status: "done", priority: Number(priority) as 1 | 2 | 3 }),
  );
  const filled: BoardData = {
    ...board,
    columns: board.columns.map((column) => (column.group === "done" ? { ...column, issues: done, total: 3 } : column)),
  };
  const move = changed(cardOf(filled, "A-1"), { status: "done", priority: 2 });
  assert.deepEqual(refsOf(changeBoard(filled, [move], 5, view))["done"], ["D-1", "A-1", "D-2", "D-3"]);
  const raised = changed(cardOf(filled, "D-3"), { priority: 1 });
  assert.deepEqual(refsOf(changeBoard(filled, [raised], 5, view))["done"], ["D-3", "D-1", "D-2"]);
  const lowered = changed(cardOf(filled, "D-1"), { priority: 4 });
  const after = changeBoard(filled, [lowered], 5, view);
  assert.deepEqual(refsOf(after)["done"], ["D-2", "D-3", "D-1"]);
  assert.equal(after.total, filled.total);
});

test("counts a card whose place is not loaded, and shows it only where it was dropped", () => {
  const board = inventedBoard({ backlog: ["A-1"], done: ["A-2", "A-3"] });
  const long: BoardData = {
    ...board,
    columns: board.columns.map((column) =>
      column.group === "done"
        ? { ...column, issues: column.issues.map((issue) => ({ ...issue, priority: 1 })), total: 900, cursor: "more" }
        : column,
    ),
  };
  const card = cardOf(long, "A-1");
  const unseen = changeBoard(long, [changed(card, { status: "done" })], 5, view);
  assert.deepEqual(refsOf(unseen), { backlog: [], done: ["A-2", "A-3"] });
  assert.deepEqual(totalsOf(unseen), { backlog: 0, done: 901 });
  const put = changed(card, { status: "done" }, { putAt: 1 });
  assert.deepEqual(refsOf(changeBoard(long, [put], 5, view))["done"], ["A-2", "A-1", "A-3"]);

  // The server has the card and counts it; the card stays visible.
  const answer = { ...card, status: "done" as const };
  const server: BoardData = {
    ...long,
    columns: long.columns.map((column) => (column.group === "backlog" ? { ...column, issues: [], total: 0 } : column)),
  };
  const read = changeBoard(server, [{ ...put, answer, answeredAt: 7 }], 9, view);
  assert.deepEqual(refsOf(read)["done"], ["A-2", "A-1", "A-3"]);
  assert.deepEqual(totalsOf(read), totalsOf(server));
});

test("data read after the answer already contains the change", () => {
  const board = inventedBoard({ backlog: ["A-1"], done: [] });
  const card = cardOf(board, "A-1");
  const answer = inventedIssue("A-1", { status: "done", nativeState: { name: "Closed", category: "done" } });
  const change = changed(card, { status: "done" }, { answer, answeredAt: 7 });
  const before = changeBoard(board, [change], 6, view);
  assert.deepEqual(refsOf(before), { backlog: [], done: ["A-1"] });
  assert.equal(cardOf(before, "A-1").nativeState.name, "Closed");
  assert.equal(changeBoard(board, [change], 8, view), board);
});

test("applies several changes of one issue in order", () => {
  const board = inventedBoard({ backlog: ["A-1"], planning: [], done: [] });
  const card = cardOf(board, "A-1");
  const first = changed(card, { status: "planning" }, { answer: { ...card, status: "planning" }, answeredAt: 7 });
  const second = changed(card, { status: "done" });
  const third = changed(card, { title: "New" });
  const after = changeBoard(board, [first, second, third], 5, view);
  assert.deepEqual(totalsOf(after), { backlog: 0, planning: 0, done: 1 });
  assert.equal(cardOf(after, "A-1").title, "New");
});

test("a change that makes an issue match the filter, or stop matching, adds or removes its card", () => {
  const board = inventedBoard({ backlog: ["A-1", "A-2"], done: [] });
  const bugs = filtered("label=bug");
  const noBug = changed(cardOf(board, "A-1"), { removeLabels: ["Bug"] });
  const after = changeBoard(board, [noBug], 5, bugs);
  assert.deepEqual(refsOf(after), { backlog: ["A-2"], done: [] });
  assert.equal(after.total, 1);
  const outside = inventedIssue("A-9", { status: "backlog" });
  const labelled = changed(outside, { addLabels: [{ name: "bug", color: null }] });
  const entered = changeBoard(board, [labelled], 5, bugs);
  assert.deepEqual(refsOf(entered)["backlog"], ["A-9", "A-1", "A-2"]);
  assert.equal(entered.total, 3);

  const mine = filtered("assignee=me");
  const given = changed(cardOf(board, "A-2"), { addAssignees: [{ login: "ada", name: "Ada", avatarUrl: null }] });
  assert.ok(refsOf(changeBoard(board, [given], 5, mine))["backlog"]?.includes("A-2"));
  const taken = changed(cardOf(board, "A-2"), { addAssignees: [{ login: "bob", name: "Bob", avatarUrl: null }] });
  assert.deepEqual(refsOf(changeBoard(board, [taken], 5, mine))["backlog"], ["A-1"]);
});

test("an issue that is neither on the board nor matches the filter changes nothing", () => {
  const board = inventedBoard({ backlog: ["A-1"], done: [] });
  const outside = inventedIssue("A-9", { status: "backlog", tracker: "two" });
  const after = changeBoard(board, [changed(outside, { status: "done" })], 5, filtered("tracker=one"));
  assert.deepEqual(totalsOf(after), totalsOf(board));
});

test("a new issue is shown until a board contains it, and never next to the issue its tracker has named", () => {
  const draft = inventedIssue("new-1", { status: "backlog" });
  const made = changed(draft, {}, { before: null, answer: draft, answeredAt: 9, sequence: 4, putAt: 0 });
  const before = { ...inventedBoard({ backlog: ["A-1"], done: [] }), sequence: 3 };
  assert.deepEqual(refsOf(changeBoard(before, [made], 5, view))["backlog"], ["A-1", "new-1"]);
  assert.equal(totalsOf(changeBoard(before, [made], 5, view))["backlog"], 2);
  // Requested before the answer arrived, read after the issue was created and named.
  const named = { ...inventedBoard({ backlog: ["A-1", "A-2"], done: [] }), sequence: 5 };
  assert.deepEqual(refsOf(changeBoard(named, [made], 5, view)), { backlog: ["A-1", "A-2"], done: [] });
});

test("a new issue moved while its tracker names it stays one card", () => {
  const draft = inventedIssue("new-1", { status: "backlog" });
  const made = changed(draft, {}, { before: null, answer: draft, answeredAt: 2, sequence: 4, putAt: 0 });
  const board = { ...inventedBoard({ backlog: ["A-1", "A-2"], done: [] }), sequence: 5 };
  const answer = { ...cardOf(board, "A-2"), status: "done" as const };
  const moved = changed(draft, { status: "done" }, { answer, answeredAt: 9, putAt: 0 });
  for (const readAt of [5, 10]) {
    const shown = refsOf(changeBoard(board, [made, moved], readAt, view));
    assert.equal(Object.values(shown).flat().length, 2, JSON.stringify(shown));
  }
  assert.deepEqual(refsOf(changeBoard(board, [made, moved], 5, view)), { backlog: ["A-1"], done: ["A-2"] });
});

test("a new issue edited under its name stays one card on a board that was read before it got the name", () => {
  const draft = inventedIssue("new-1", { status: "backlog" });
  const board = { ...inventedBoard({ backlog: ["A-1", "new-1"], done: [] }), sequence: 5 };
  const listed = cardOf(board, "new-1");
  awaitName(listed);
  const made = changed(listed, {}, { before: null, answer: draft, answeredAt: 2, sequence: 4, putAt: 0 });
  const named = inventedIssue("A-2", { status: "backlog" });
  noteName(listed.address, named);
  const moved = changed(named, { status: "done" });
  assert.deepEqual(refsOf(changeBoard(board, [made, moved], 5, view)), { backlog: ["A-1"], done: ["new-1"] });
  const renamed = changed(named, { title: "Another" });
  const shown = changeBoard(board, [made, renamed], 5, view);
  assert.deepEqual(refsOf(shown)["backlog"]?.toSorted(), ["A-1", "new-1"]);
  assert.equal(cardOf(shown, "new-1").title, "Another");
});
