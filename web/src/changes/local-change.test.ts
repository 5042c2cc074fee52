import assert from "node:assert/strict";
import { test } from "node:test";
import { inventedIssue } from "../board/data/invented-board.ts";
import { cardKey } from "../board/data/board-data.ts";
import { layOver } from "./local-change.ts";

test("an edited text stays until the issue is read again, although the answer is a card without texts", () => {
  const card = inventedIssue("A-1", { status: "backlog" });
  const read = { ...card, body: "before" };
  const written = {
    id: 1,
    key: cardKey(card),
    before: card,
    shown: { body: "after" },
    madeAt: card.updatedAt,
    answer: { ...card, title: "As the server has it" },
    answeredAt: 9,
    putAt: null,
  };
  assert.deepEqual(layOver(read, [written], 5), { ...read, body: "after", title: "As the server has it" });
  assert.equal(layOver(read, [written], 10), read);
});

test("a late response brings its own change, and nothing older than what was read meanwhile", () => {
  const before = inventedIssue("A-1", { status: "backlog", labels: [], title: "Old" });
  const label = { name: "by somebody else", color: null };
  const read = { ...before, labels: [label] };
  const renamed = {
    id: 1,
    key: cardKey(before),
    before,
    shown: { title: "New" },
    madeAt: before.updatedAt,
    // Computed before the label was there; the tracker trims titles.
    answer: { ...before, title: "New.", closedAt: before.updatedAt },
    answeredAt: 9,
    putAt: null,
  };
  const { title, labels, closedAt } = layOver(read, [renamed], 5);
  assert.deepEqual({ title, labels, closedAt }, { title: "New.", labels: [label], closedAt: before.updatedAt });
});
