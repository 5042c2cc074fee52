import assert from "node:assert/strict";
import { test } from "node:test";
import { inventedBoard } from "./data/invented-board.ts";
import { besideSeat, cardAfter, seatOf } from "./open-seat.ts";

const board = inventedBoard({ backlog: ["A-1", "A-2", "A-3", "A-4"], planning: ["A-9"] });
const seen = () => true;
const unseen = () => false;
const keyOf = (ref: string) => `one:app ${ref}`;

test("after an issue leaves its column, the next issue is the one that followed it there", () => {
  const seat = seatOf(board, "A-2", null);
  const moved = inventedBoard({ backlog: ["A-1", "A-3", "A-4"], planning: ["A-2", "A-9"] });
  const left = inventedBoard({ backlog: ["A-1", "A-3", "A-4"] });
  for (const later of [moved, left]) {
    const kept = seatOf(later, "A-2", seat);
    assert.ok(kept);
    assert.deepEqual(besideSeat(later, kept), { previous: "A-1", next: "A-3" });
  }
  const alsoGone = inventedBoard({ backlog: ["A-4"], planning: ["A-2", "A-9"] });
  const kept = seatOf(alsoGone, "A-2", seat);
  assert.ok(kept);
  assert.deepEqual(besideSeat(alsoGone, kept), { previous: undefined, next: "A-4" });
});

test("an issue moved within its column keeps its old neighbours; one whose neighbours change keeps its place", () => {
  const seat = seatOf(board, "A-1", null);
  const sorted = inventedBoard({ backlog: ["A-2", "A-3", "A-4", "A-1"] });
  const moved = seatOf(sorted, "A-1", seat);
  assert.ok(moved);
  assert.deepEqual(besideSeat(sorted, moved), { previous: undefined, next: "A-2" });
  const more = inventedBoard({ backlog: ["A-1", "A-7", "A-3"] });
  const stays = seatOf(more, "A-1", seat);
  assert.ok(stays);
  assert.deepEqual(besideSeat(more, stays), { previous: undefined, next: "A-7" });
});

test("closing an issue focuses its card if visible, otherwise the card that took its place", () => {
  const seat = seatOf(board, "A-2", null);
  const sorted = inventedBoard({ backlog: ["A-1", "A-3", "A-4", "A-2"] });
  assert.equal(cardAfter(sorted, "A-2", seat, seen), keyOf("A-2"));
  assert.equal(cardAfter(sorted, "A-2", seat, unseen), keyOf("A-3"));
  // The card did not move: it is scrolled into view.
  assert.equal(cardAfter(board, "A-2", seat, unseen), keyOf("A-2"));
  assert.equal(cardAfter(inventedBoard({ backlog: ["A-1"] }), "A-2", seat, unseen), keyOf("A-1"));
  assert.equal(cardAfter(inventedBoard({ backlog: [], planning: ["A-9"] }), "A-2", seat, unseen), keyOf("A-9"));
  assert.equal(cardAfter(inventedBoard({ backlog: [] }), "A-2", seat, unseen), undefined);
});

test("closing an issue without a card focuses the card the user came from", () => {
  const seat = seatOf(board, "A-2", null);
  const followed = seatOf(board, "B-50", seat);
  assert.equal(followed, seat);
  assert.equal(cardAfter(board, "B-50", followed, unseen), keyOf("A-2"));
});
