import assert from "node:assert/strict";
import { test } from "node:test";
import { fetchPages } from "./fetch-pages.ts";

test("fetches all pages in sequence, and keeps the last seen version of an item that moved between pages", async () => {
  const asked: (string | null)[] = [];
  const items = await fetchPages(
    async (query) => {
      asked.push(query.get("cursor"));
      return query.get("cursor") === null
        ? {
            things: [
              { id: 1, name: "one" },
              { id: 2, name: "two" },
            ],
            cursor: "2",
          }
        : { things: [{ id: 2, name: "two again" }], cursor: null };
    },
    ({ things }) => things,
  );
  assert.deepEqual(asked, [null, "2"]);
  assert.deepEqual(items, [
    { id: 1, name: "one" },
    { id: 2, name: "two again" },
  ]);
});

test("asks an older server, which returns the whole list without a cursor, only once", async () => {
  let asked = 0;
  const items = await fetchPages(
    async (): Promise<{ things: { id: number }[]; cursor?: string | null }> => {
      asked += 1;
      if (asked > 1) throw new Error("asked again");
      return { things: [{ id: 1 }] };
    },
    ({ things }) => things,
  );
  assert.equal(asked, 1);
  assert.deepEqual(items, [{ id: 1 }]);
});
