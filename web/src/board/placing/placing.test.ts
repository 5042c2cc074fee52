import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compareCards } from "../../changes/card-order.ts";
import type { BoardQuery } from "../../filter/board-query.ts";
import { cardKey } from "../data/board-data.ts";
import { inventedIssue } from "../data/invented-board.ts";
import { placingFor } from "./placing.ts";

const sort = (reverse: boolean): BoardQuery["sort"] => ({ name: "manual", reverse });
const column = ["a", "b", "c", "d"].map((ref, index) => inventedIssue(ref, { rank: 100 - index }));
const key = (ref: string) => cardKey(inventedIssue(ref));
const [a, b, c, d] = column as [(typeof column)[0], (typeof column)[0], (typeof column)[0], (typeof column)[0]];

/** The column's refs in order with the placing applied. */
function shown(moved: typeof column, list: typeof column, next: string | null, reverse: boolean): string {
  const placing = placingFor(moved, list, next === null ? null : key(next), sort(reverse));
  const rank = (issue: (typeof column)[0]) => placing?.shown.get(cardKey(issue)) ?? issue.rank;
  return [...new Set([...list, ...moved])]
    .map((issue) => ({ ...issue, rank: rank(issue) }))
    .toSorted((one, other) => compareCards(one, other, sort(reverse)))
    .map(({ ref }) => ref)
    .join("");
}

describe("placing cards", () => {
  it("shows them between their new neighbours immediately", () => {
    assert.equal(shown([d], column, "a", false), "dabc");
    assert.equal(shown([a], column, "d", false), "bcad");
    assert.equal(shown([b, d], column, null, false), "acbd");
    assert.equal(shown([inventedIssue("x", { rank: 5 })], column, "c", false), "abxcd");
    const reversed = column.toReversed();
    assert.equal(shown([a], reversed, "d", true), "adcb");
    assert.equal(shown([d, b], reversed, null, true), "cadb");
  });

  it("names the neighbour on the other side when the order is reversed", () => {
    assert.deepEqual(placingFor([d], column, key("b"), sort(false))?.rank, { before: "b" });
    assert.deepEqual(placingFor([a], column, null, sort(false))?.rank, { after: "d" });
    const reversed = placingFor([a, b], column.toReversed(), key("d"), sort(true));
    assert.deepEqual(reversed?.rank, { after: "d" });
    assert.deepEqual(
      reversed?.issues.map(({ ref }) => ref),
      ["b", "a"],
    );
  });

  it("is null for cards already there or without neighbours", () => {
    assert.equal(placingFor([b], column, key("b"), sort(false)), null);
    assert.equal(placingFor([b], column, key("c"), sort(false)), null);
    assert.equal(placingFor([b, c], column, key("c"), sort(false)), null);
    assert.equal(placingFor([d], column, null, sort(false)), null);
    assert.equal(placingFor([a], [], null, sort(false)), null);
  });
});
