import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sql } from "kysely";
import { systemClock } from "../../domain/clock.ts";
import { addSources, onEachDatabase } from "../../../test/support/each-database.ts";
import { makeIssue, makePage, makeSource } from "../../../test/support/store-fixtures.ts";
import { openDatabase } from "../database/open-database.ts";
import { headLabel } from "../database/postgres-search.ts";
import { markTitles } from "../schema/mark-titles.ts";
import type { Store } from "../store.ts";

const shop = makeSource("acme/shop");
const team = makeSource("MIN", { id: "linear:MIN", tracker: "linear", connection: "linear", refPrefix: "" });

const relevance = { key: "relevance", reverse: false } as const;

async function find(store: Store, q: string, limit = 100): Promise<string[]> {
  const { issues } = await store.board.issues({ filter: { q }, sort: relevance, limit, cursor: null, me: {} });
  return issues.map((issue) => issue.ref);
}

/** Later texts were changed last, so the order of updates would put them first. */
async function openTexts(open: () => Promise<Store>, texts: readonly [title: string, body: string][]): Promise<Store> {
  const store = await open();
  const [source = 0] = await addSources(store, shop);
  const issues = texts.map(([title, body], index) => makeIssue(index + 1, { title, body, updatedAt: 1000 + index }));
  await store.mirror.applyPage(source, makePage(issues));
  return store;
}

describe("relevance", () => {
  onEachDatabase(({ kind, open, createPlace }) => {
    it("ranks words in the title above words in the text, and more of them first", async () => {
      const store = await openTexts(open, [
        ["Payment fails at checkout", "Nothing more to say."],
        ["Something else", `The payment fails. ${"Many other words. ".repeat(40)}`],
        ["Something else", "payment payment payment fails fails fails"],
        ["Fails", "A payment does, in a text about it."],
      ]);
      assert.deepEqual(await find(store, "payment fails"), ["shop#1", "shop#4", "shop#3", "shop#2"]);
      assert.deepEqual(await find(store, "paym fai"), await find(store, "payment fails"), "also by their beginnings");
      assert.deepEqual((await find(store, '"payment fails"')).slice(0, 1), ["shop#1"]);
    });

    it("ranks the issue first whose ref was typed, in any form", async () => {
      const store = await open();
      const [source = 0, other = 0] = await addSources(store, shop, team);
      const mention = {
        title: "MIN-123 and shop#45 again, #45",
        body: "MIN-123 shop#45 ".repeat(20),
        updatedAt: 9_000,
      };
      await store.mirror.applyPage(source, makePage([makeIssue(45, { title: "Plain" }), makeIssue(46, mention)]));
      await store.mirror.applyPage(
        other,
        makePage([makeIssue(123, { key: "MIN-123", title: "Plain too" }), makeIssue(45, { key: "MIN-45" })]),
      );
      for (const [q, ref] of [
        ["min-123", "MIN-123"],
        [" MIN-123 ", "MIN-123"],
        ["shop#45", "shop#45"],
        ["#45", "shop#45"],
      ] as const) {
        assert.equal((await find(store, q))[0], ref, q);
      }
    });

    it("sorts equal matches, and lists without a search, by latest change", async () => {
      const store = await openTexts(open, [
        ["Same words", "here"],
        ["Same words", "here"],
        ["Same words", "here"],
      ]);
      assert.deepEqual(await find(store, "same words"), ["shop#3", "shop#2", "shop#1"]);
      assert.deepEqual(await find(store, ""), ["shop#3", "shop#2", "shop#1"]);
      const reverse = await store.board.issues({
        filter: { q: "same" },
        sort: { key: "relevance", reverse: true },
        limit: 10,
        cursor: null,
        me: {},
      });
      assert.deepEqual(
        reverse.issues.map(({ ref }) => ref),
        ["shop#1", "shop#2", "shop#3"],
      );
    });

    it("continues from window to window, with each issue once", async () => {
      const texts = Array.from({ length: 25 }, (_, index): [string, string] => [
        index % 3 === 0 ? `Lion ${index}` : `Number ${index}`,
        "lion ".repeat((index % 7) + 1),
      ]);
      const store = await openTexts(open, texts);
      const all = await find(store, "lion");
      assert.equal(all.length, 25);
      assert.ok(all.slice(0, 9).every((ref) => (Number(ref.slice("shop#".length)) - 1) % 3 === 0));
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const window = await store.board.issues({ filter: { q: "lion" }, sort: relevance, limit: 4, cursor, me: {} });
        seen.push(...window.issues.map(({ ref }) => ref));
        ({ cursor } = window);
      } while (cursor !== null);
      assert.deepEqual(seen, all);
      const columns = await store.board.columns({ filter: { q: "lion" }, sort: relevance, limit: 3, me: {} });
      const column = columns.find(({ total }) => total === 25);
      assert.deepEqual(
        column?.issues.map(({ ref }) => ref),
        all.slice(0, 3),
      );
    });

    it("recognises titles in an index written before they were labelled", async () => {
      const place = await createPlace();
      const store = await openTexts(
        () => open(place),
        [
          ["Éléphant at 'the' checkout", "It's big: 1.2.3"],
          ["Something", "elephant elephant elephant checkout"],
        ],
      );
      if (kind === "PostgreSQL") {
        const database = await openDatabase({ ...place, readOnly: false, findRefs: () => [], clock: systemClock });
        await database.write("user", async (db) => {
          await sql`update search set words = (
            select string_agg('''' || lexeme || ''':' || array_to_string(positions, ','), ' ') from unnest(words)
          )::tsvector`.execute(db);
          const { rows } = await sql<{ n: number }>`
            select count(*) as n from search where words @@ ${`elephant:${headLabel}`}::tsquery`.execute(db);
          assert.equal(rows[0]?.n, 0);
          await markTitles(db, "postgres");
        });
        await database.close();
      }
      assert.deepEqual(await find(store, "elephant checkout"), ["shop#1", "shop#2"]);
      assert.deepEqual(await find(store, "elephant 1.2"), ["shop#1"]);
    });
  });
});
