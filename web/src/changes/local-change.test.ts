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
