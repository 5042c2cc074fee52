import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { addSources, onEachDatabase } from "../../../test/support/each-database.ts";
import { makeIssue, makePage, makeSource, vocabulary } from "../../../test/support/store-fixtures.ts";
import type { IssueCard } from "../board/issue-card.ts";
import type { Store } from "../store.ts";

const issue = fc
  .tuple(
    fc.integer({ min: 1, max: 8 }),
    fc.record({
      title: fc.constantFrom("one", "two", "three"),
      stateId: fc.constantFrom("open", "closed", "dropped"),
      labelIds: fc.subarray(vocabulary.labels.map((label) => label.id)),
      assigneeIds: fc.subarray(vocabulary.people.map((person) => person.id)),
      parentId: fc.constantFrom("n1", "n2", null),
      relations: fc.constantFrom([], [{ id: "r", type: "blocked_by" as const, targetId: "n3" }]),
    }),
  )
  .map(([number, part]) => makeIssue(number, part));

/** Pages in the order a tracker returned them, each requested later than the one before. */
const history = fc
  .array(
    fc.record({
      changes: fc.uniqueArray(issue, { selector: ({ nativeId }) => nativeId, maxLength: 5 }),
      removed: fc.uniqueArray(fc.constantFrom("n1", "n2", "n3", "n4"), { maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .map((pages) => pages.map((page, index) => makePage(page.changes, { ...page, requestedAt: 1_000 * (index + 1) })));

/** What is shown of one source, without anything specific to one mirror. */
async function dump(store: Store, project: string) {
  const cards: IssueCard[] = [];
  let cursor: string | null = null;
  do {
    const sort = { key: "created", reverse: true } as const;
    const window = await store.board.issues({ filter: { project: [project] }, sort, limit: 3, cursor, me: {} });
    cards.push(...window.issues);
    ({ cursor } = window);
  } while (cursor !== null);
  return cards
    .map((card) => ({ ...card, id: 0, connection: "", project: "", source: "" }))
    .toSorted((a, b) => (a.nativeId < b.nativeId ? -1 : 1));
}

describe("mirror, with arbitrary pages", () => {
  onEachDatabase(({ open }) => {
    it("reaches the same state when pages arrive in another order, or twice", async () => {
      const store = await open();
      let run = 0;
      const configs: Parameters<Store["sources"]["reconcile"]>[0][number][] = [];
      await fc.assert(
        fc.asyncProperty(
          history.chain((pages) =>
            fc.tuple(
              fc.constant(pages),
              fc.shuffledSubarray([...pages, ...pages], { minLength: pages.length * 2, maxLength: pages.length * 2 }),
            ),
          ),
          async ([pages, shuffled]) => {
            run += 1;
            const make = (which: string) =>
              makeSource("acme/shop", {
                id: `${which}${run}`,
                connection: `${which}${run}`,
                project: `${which}${run}`,
              });
            configs.push(make("a"), make("b"));
            const ids = await addSources(store, ...configs);
            const [a = 0, b = 0] = ids.slice(-2);
            for (const page of pages) await store.mirror.applyPage(a, page);
            for (const page of shuffled) await store.mirror.applyPage(b, page);
            assert.deepEqual(await dump(store, `b${run}`), await dump(store, `a${run}`));
            const rows = await store.sources.list();
            const [left, right] = rows.slice(-2);
            assert.equal(left?.issues, right?.issues);
            assert.equal(left?.issues, (await dump(store, `a${run}`)).length);
          },
        ),
        { numRuns: 20 },
      );
      // The board's numbers come from counters; a filter that matches everything forces a count.
      const query = { sort: { key: "updated", reverse: false }, limit: 1, me: {} } as const;
      const counters = await store.board.columns({ ...query, filter: {} });
      const counted = await store.board.columns({ ...query, filter: { updated: { after: -1 } } });
      assert.deepEqual(
        counters.map((column) => column.total),
        counted.map((column) => column.total),
      );
      assert.deepEqual(await store.check(), []);
    });

    it("numbers changes without gaps, and a listener's replay contains everything that changed", async () => {
      const store = await open();
      const [source = 0] = await addSources(store, makeSource("acme/shop"));
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(issue, { maxLength: 4 }), { maxLength: 6 }), async (pages) => {
          const start = await store.changes.sequence();
          const before = await dump(store, "shop");
          const told: string[] = [];
          let last = start;
          for (const changes of pages) {
            const change = await store.mirror.applyPage(source, makePage(changes));
            assert.equal(change.sequence - last, change.refs.length);
            last = change.sequence;
            told.push(...change.refs);
          }
          const since = await store.changes.since(start);
          assert.deepEqual(since?.refs.toSorted(), [...new Set(told)].toSorted());
          assert.equal(since?.sequence, last);
          const after = await dump(store, "shop");
          const different = after.filter(
            (card) => JSON.stringify(card) !== JSON.stringify(before.find((old) => old.nativeId === card.nativeId)),
          );
          for (const card of different) assert.ok(told.includes(card.ref), `${card.ref} changed unheard`);
        }),
        { numRuns: 20 },
      );
    });
  });
});
