import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachStatus } from "../../../../src/domain/status.ts";
import { appendWindow, cardKey, changedCards, findCard, placeOf, shareCards } from "./board-data.ts";
import { inventedBoard, inventedIssue } from "./invented-board.ts";

const none = forEachStatus(() => 0);

test("an unchanged board keeps its identity", () => {
  const before = inventedBoard({ backlog: ["A-1", "A-2"], done: ["A-3"] });
  assert.equal(shareCards(before, inventedBoard({ backlog: ["A-1", "A-2"], done: ["A-3"] })), before);
});

test("only changed parts get a new identity: a card added at the top leaves the others untouched", () => {
  const before = inventedBoard({ backlog: ["A-1", "A-2"], done: ["A-3"] });
  const after = shareCards(before, inventedBoard({ backlog: ["A-9", "A-1", "A-2"], done: ["A-3"] }));
  assert.notEqual(after, before);
  assert.equal(after.columns[0]?.issues[1], before.columns[0]?.issues[0]);
  assert.equal(after.columns[0]?.issues[2], before.columns[0]?.issues[1]);
  assert.equal(after.columns[1], before.columns[1]);
});

test("a changed count alone makes a new column with the old cards", () => {
  const before = inventedBoard({ backlog: ["A-1"] });
  const next = inventedBoard({ backlog: ["A-1"] });
  const after = shareCards(before, { ...next, columns: next.columns.map((column) => ({ ...column, total: 7 })) });
  assert.equal(after.columns[0]?.total, 7);
  assert.equal(after.columns[0]?.issues[0], before.columns[0]?.issues[0]);
});

test("appends a window, skipping cards that are already there", () => {
  const start = inventedBoard({ backlog: ["A-1", "A-2"] });
  const board = { ...start, columns: start.columns.map((column) => ({ ...column, cursor: "next", total: 3 })) };
  const after = appendWindow(board, "backlog", "next", {
    issues: [inventedIssue("A-2"), inventedIssue("A-3")],
    total: 3,
    byStatus: none,
    cursor: null,
  });
  assert.deepEqual(
    after.columns[0]?.issues.map(({ ref }) => ref),
    ["A-1", "A-2", "A-3"],
  );
  assert.equal(after.columns[0]?.cursor, null);
});

test("drops a window that was requested before a refresh", () => {
  const board = inventedBoard({ backlog: ["A-1"] });
  const late = appendWindow(board, "backlog", "older", {
    issues: [inventedIssue("A-9")],
    total: 2,
    byStatus: none,
    cursor: null,
  });
  assert.equal(late.columns[0], board.columns[0]);
});

test("finds a card with its place in the column", () => {
  const board = inventedBoard({ backlog: ["A-1", "A-2"], done: ["A-3"] });
  assert.deepEqual(placeOf(board, cardKey(inventedIssue("A-2"))), { group: "backlog", index: 1, total: 2 });
  assert.equal(placeOf(board, cardKey(inventedIssue("A-9"))), null);
});

test("reports the changes of the cards the server named, with their previous status", () => {
  const before = inventedBoard({ backlog: ["A-1", "A-2"], done: [] });
  const after = shareCards(before, inventedBoard({ backlog: ["A-2"], done: ["A-1"] }));
  const [change, ...others] = changedCards(before, after, new Set(["A-1", "A-2", "A-7"]));
  assert.deepEqual(others, []);
  assert.equal(change?.issue.ref, "A-1");
  assert.equal(change?.from, "backlog");
  assert.equal(change?.issue.status, "done");
});

test("cards that share a ref are separate cards with separate addresses", () => {
  const first = inventedIssue("site#6", {
    nativeId: "1",
    address: "acme/site#6",
    url: "https://one.example/acme/site/6",
  });
  const second = inventedIssue("site#6", {
    nativeId: "2",
    address: "other/site#6",
    url: "https://one.example/other/site/6",
  });
  const third = inventedIssue("app#7");
  const board = {
    ...inventedBoard({}),
    columns: [{ group: "backlog" as const, total: 3, byStatus: null, issues: [first, second, third], cursor: null }],
  };
  assert.notEqual(cardKey(first), cardKey(second));
  for (const issue of [first, second, third]) {
    assert.equal(findCard(board, issue.address), issue);
    assert.equal(findCard(board, issue.url ?? ""), issue);
  }
  assert.equal(findCard(board, "APP#7"), third);
});
