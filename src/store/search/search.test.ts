import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { addSources, onEachDatabase } from "../../../test/support/each-database.ts";
import { makeIssue, makePage, makeSource, vocabulary } from "../../../test/support/store-fixtures.ts";
import type { Store } from "../store.ts";
import { blankDraft } from "../../../test/support/blank-draft.ts";

const shop = makeSource("acme/shop");
const team = makeSource("MIN", { id: "linear:MIN", tracker: "linear", connection: "linear", refPrefix: "" });

const everything = { filter: {}, sort: { key: "created", reverse: true }, cursor: null, me: {} } as const;
async function search(store: Store, q: string): Promise<string[]> {
  const { issues, total } = await store.board.issues({ ...everything, filter: { q }, limit: 100 });
  assert.equal(total, issues.length);
  return issues.map((issue) => issue.ref);
}

async function openTexts(open: () => Promise<Store>, texts: readonly [title: string, body: string][]) {
  const store = await open();
  const [source = 0] = await addSources(store, shop);
  await store.mirror.applyPage(
    source,
    makePage(texts.map(([title, body], index) => makeIssue(index + 1, { title, body }))),
  );
  return { store, source };
}

describe("search", () => {
  onEachDatabase(({ createPlace, open }) => {
    it("finds a just changed issue and a new one by the same words", async () => {
      const place = await createPlace();
      const { store, source } = await openTexts(() => open(place), [["Old words", "and an old text"]]);
      const id = (await store.board.issues({ ...everything, limit: 1 })).issues[0]?.id ?? 0;
      const by = { actor: "you", session: "s1" };
      await store.outbox.edit(id, [{ field: "title", from: "Old words", to: "Fresh words" }], by);
      await store.outbox.edit(id, [{ field: "body", from: "and an old text", to: "and a renewed text" }], by);
      await store.outbox.create(source, { ...blankDraft, title: "Fresh draft" }, by);
      assert.deepEqual((await search(store, "fresh")).sort(), ["new-1", "shop#1"]);
      assert.deepEqual(await search(store, "renewed fresh"), ["shop#1"]);
      assert.deepEqual(await search(store, "old"), []);
      await store.outbox.edit(id, [{ field: "title", from: "Fresh words", to: "Last words" }], by);
      await store.close();
      const later = await open({ ...place, readOnly: true });
      assert.deepEqual(await search(later, "last"), ["shop#1"]);
      assert.deepEqual(await search(later, "fresh"), ["new-1"]);
    });

    it("finds words by prefix, and quoted phrases exactly", async () => {
      const { store } = await openTexts(open, [
        ["Checkout fails with café", "The payment provider answers 500."],
        ["Check the CAFE menu", "payments come later; provider unknown"],
        ["Über-Straße in Łódź", "søster ﬁnance naïve ΟΔΟΣ İstanbul"],
        ["検索が遅い", "日本語の全文検索を試す"],
        ["🚀Launch for 👩🏽‍💻, flag 🇩🇪", "shipped ✅"],
        ["C++ & snake_case: see src/store/lock.ts", "user@example.com https://acme.test/a?b=c 1.2.3 don't"],
      ]);
      const cases: [string, number[]][] = [
        ["check", [1, 2]],
        ["CHECKOUT", [1]],
        ["checkouts", []],
        ["heckout", []],
        ["cafe", [1, 2]],
        ["CAFÉ", [1, 2]],
        ["pay prov", [1, 2]],
        ['"payment provider"', [1]],
        ['"provider payment"', []],
        ['"payment"', [1]],
        ['"the payment" 50', [1]],
        ["uber strasse", [3]],
        ["STRASSE lodz", [3]],
        ["soster finance", [3]],
        ["naive οδος istanbul", [3]],
        ["検索", [4]],
        ["全文", [4]],
        ["索検", []],
        ["c++", [1, 2, 6]],
        ["snake_case", [6]],
        ["lock.ts", [6]],
        ["src/store", [6]],
        ["example.com", [6]],
        ["1.2", [6]],
        ["don't", [6]],
        ["!!!", [1, 2, 3, 4, 5, 6]],
        ['"', [1, 2, 3, 4, 5, 6]],
        ["", [1, 2, 3, 4, 5, 6]],
        ['"unclosed quote', []],
        ["check AND", []],
        ["NOT check", []],
        ["title:check", []],
        ["menu payment", [2]],
        ['"menu payments"', []],
        ["🚀", [5]],
        ["launch", [5]],
        ["👩‍💻 🇩🇪", [5]],
        ["✅", [5]],
        ["🎉", []],
        ["🇪🇩", []],
      ];
      for (const [q, numbers] of cases) {
        assert.deepEqual(
          await search(store, q),
          numbers.map((number) => `shop#${number}`),
          q,
        );
      }
    });

    it("finds refs, and issues that mention them", async () => {
      const store = await open();
      const [source = 0, other = 0] = await addSources(store, shop, team);
      await store.mirror.applyPage(
        source,
        makePage([makeIssue(45), makeIssue(46, { body: "like MIN-123, see shop#45" })]),
      );
      await store.mirror.applyPage(
        other,
        makePage([makeIssue(123, { key: "MIN-123" }), makeIssue(9, { key: "MIN-9" })]),
      );
      assert.deepEqual(await search(store, "shop#45"), ["shop#45", "shop#46"]);
      assert.deepEqual(await search(store, "SHOP#46"), ["shop#46"]);
      assert.deepEqual(await search(store, "min-123"), ["shop#46", "MIN-123"]);
      assert.deepEqual(await search(store, "MIN-9"), ["MIN-9"]);
      assert.deepEqual(await search(store, "#45"), ["shop#45", "shop#46"]);
    });

    it("follows edits, comments and deletions", async () => {
      const { store, source } = await openTexts(open, [["Lion", "roars"]]);
      await store.mirror.applyPage(source, makePage([makeIssue(1, { title: "Tiger", body: "purrs" })]));
      assert.deepEqual([await search(store, "lion"), await search(store, "tiger purrs")], [[], ["shop#1"]]);
      const [issue] = (
        await store.board.issues({
          filter: {},
          sort: { key: "updated", reverse: false },
          limit: 1,
          cursor: null,
          me: {},
        })
      ).issues;
      const comment = { id: "c1", authorId: "p-ann", body: "Élan vital", createdAt: 5, updatedAt: 6 };
      await store.comments.replace(issue?.id ?? 0, [comment], vocabulary, 100);
      assert.deepEqual(await search(store, "elan tiger"), ["shop#1"]);
      await store.mirror.applyPage(source, makePage([makeIssue(1, { title: "Bear", body: "purrs" })]));
      assert.deepEqual([await search(store, "elan bear"), await search(store, "tiger")], [["shop#1"], []]);
      await store.comments.replace(issue?.id ?? 0, [], vocabulary, 200);
      assert.deepEqual(await search(store, "elan"), []);
      await store.mirror.applyPage(source, makePage([], { removed: ["n1"] }));
      assert.deepEqual(await search(store, "bear"), []);
    });

    it("never fails, whatever text is stored or searched for", async () => {
      const { store, source } = await openTexts(open, []);
      const text = fc.oneof(
        fc.string({ unit: "binary", maxLength: 60 }),
        fc.string({ unit: "grapheme", maxLength: 60 }),
        fc.string({ unit: fc.constantFrom(...Array.from("ab\"'*()-:^+&|!<>{}[]\\\0 %_.~")), maxLength: 40 }),
        fc.constantFrom(
          "NEAR(a b)",
          "a AND OR NOT",
          "head:x",
          "-a",
          "a* *",
          "'a':1",
          "\ud800 \udc00",
          "x".repeat(3_000),
        ),
      );
      let number = 0;
      await fc.assert(
        fc.asyncProperty(text, text, text, async (title, body, q) => {
          number += 1;
          const nativeId = `random-${number}`;
          await store.mirror.applyPage(source, makePage([makeIssue(number, { nativeId, title, body })]));
          await search(store, q);
          const found = await search(store, title.slice(0, 400));
          if (/^[a-z]+$/.test(title)) assert.ok(found.includes(`shop#${number}`), title);
          await store.mirror.applyPage(source, makePage([], { removed: [nativeId], requestedAt: 10_001 }));
        }),
        { numRuns: 120 },
      );
    });

    it("accepts bodies of any size", async () => {
      const long = `${"lorem ipsum ".repeat(40_000)} end`;
      const dense = Array.from({ length: 30_000 }, (_, index) => `w${index}`).join(" ");
      const { store } = await openTexts(open, [
        ["Long", long],
        ["Dense", dense],
        ["Blob", "x".repeat(300_000)],
      ]);
      assert.deepEqual(await search(store, "lorem long"), ["shop#1"]);
      assert.deepEqual(await search(store, "w12345"), ["shop#2"]);
      assert.deepEqual(await search(store, `blob ${"x".repeat(50)}`), ["shop#3"]);
    });
  });
});
