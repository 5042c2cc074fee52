import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import pg from "pg";
import { addSources, onEachDatabase, type Place } from "../../test/support/each-database.ts";
import { makeIssue, makePage, makeSource, vocabulary } from "../../test/support/store-fixtures.ts";
import type { Store } from "./store.ts";

const shop = makeSource("acme/shop");
const all = { filter: {}, sort: { key: "updated", reverse: false }, limit: 100, cursor: null, me: {} } as const;

async function openWith(open: () => Promise<Store>, numbers: readonly number[]) {
  const store = await open();
  const [source = 0] = await addSources(store, shop);
  await store.mirror.applyPage(source, makePage(numbers.map((number) => makeIssue(number))));
  return { store, source };
}

/** The number of rows in tables of a mirror. */
async function countRows({ databaseUrl, file }: Place, ...tables: readonly string[]): Promise<number[]> {
  const queries = tables.map((table) => `select count(*) as rows from ${table}`);
  if (databaseUrl === null) {
    using database = new DatabaseSync(file, { readOnly: true });
    return queries.map((query) => Number(database.prepare(query).get()?.["rows"]));
  }
  const client = new pg.Client(databaseUrl);
  await client.connect();
  const counts = [];
  for (const query of queries) counts.push(Number((await client.query(query)).rows[0].rows));
  await client.end();
  return counts;
}

describe("the other stores", () => {
  onEachDatabase(({ open, createPlace, clock }) => {
    it("replaces comments, and reports a change only if they differ", async () => {
      const { store } = await openWith(open, [1]);
      const id = (await store.board.issues(all)).issues[0]?.id ?? 0;
      const comment = { id: "c1", authorId: "p-ann", body: "First\0", createdAt: 5, updatedAt: 6 };
      const other = { id: "c2", authorId: null, body: "Second", createdAt: 7, updatedAt: 8 };
      const change = await store.comments.replace(id, [comment, other], vocabulary, 100);
      assert.deepEqual(change.refs, ["shop#1"]);
      assert.deepEqual(await store.comments.list(id), [
        { ...comment, body: "First", author: vocabulary.people[0], own: false, pending: false, sentAgain: false },
        { ...other, author: null, own: false, pending: false, sentAgain: false },
      ]);
      const again = await store.comments.replace(id, [comment, other], vocabulary, 200);
      assert.deepEqual([again.changed, again.sequence], [0, change.sequence]);
      assert.equal((await store.board.detail(id)).commentsAt, 200);
      const stranger = { ...other, authorId: "p-unknown" };
      await store.comments.replace(id, [stranger], {}, 300);
      assert.equal((await store.comments.list(id))[0]?.author?.login, "p-unknown");
      await assert.rejects(store.comments.replace(12_345, [], {}, 1), { code: "not_found" });
      assert.deepEqual(await store.comments.list(12_345), []);
    });

    it("lists history by actor and by tracker", async () => {
      const team = makeSource("APP", { id: "linear:APP", tracker: "linear", connection: "linear", refPrefix: "" });
      const store = await open();
      const sources = await addSources(store, shop, team);
      const rename = async (number: number, actor: string) => {
        const issue = (await store.board.issues(all)).issues.find(({ ref }) => ref.endsWith(`#${number}`));
        assert.ok(issue);
        const change = { field: "title", from: issue.title, to: `By ${actor}` } as const;
        await store.outbox.edit(issue.id, [change], { actor, session: actor });
      };
      for (const [index, source] of sources.entries()) {
        const first = 10 * index;
        await store.mirror.applyPage(source, makePage([1, 2, 3, 4, 5].map((number) => makeIssue(first + number))));
        for (const [at, actor] of ["you", "cli", "api a tool", "agent claude"].entries()) {
          await rename(first + at + 1, actor);
        }
        const changed = makeIssue(first + 5, { title: "By somebody there" });
        await store.mirror.applyPage(source, makePage([changed], { requestedAt: 20_000 }));
      }

      type Query = Parameters<Store["history"]["list"]>[0];
      const found = async (query: Omit<Query, "limit">) =>
        (await store.history.list({ ...query, limit: 50 })).map(({ ref, to }) => `${ref} ${to}`).toSorted();
      const inShop = ["1 By you", "2 By cli", "3 By api a tool", "4 By agent claude", "5 By somebody there"];
      const everybody = [...inShop, ...inShop.map((line) => `1${line}`)];
      const those = (pattern: RegExp) =>
        everybody
          .filter((line) => pattern.test(line))
          .map((line) => `${/^1\d/.test(line) ? "" : "shop"}#${line}`)
          .toSorted();
      assert.deepEqual(await found({}), those(/./));
      assert.deepEqual(await found({ by: "you" }), those(/you/));
      assert.deepEqual(await found({ by: "cli" }), those(/cli|api/));
      assert.deepEqual(await found({ by: "agent" }), those(/agent/));
      assert.deepEqual(await found({ by: "tracker" }), those(/somebody/));
      assert.deepEqual(await found({ by: "panopticon" }), []);
      assert.deepEqual(await found({ tracker: "linear" }), those(/^1\d/));
      assert.deepEqual(await found({ by: "agent", tracker: "linear" }), those(/^1\d By agent/));
      assert.deepEqual(await found({ tracker: "jira" }), []);
      assert.deepEqual(await found({ settled: true }), [], "they are on their way, or were made elsewhere");
    });

    it("keeps views in creation order", async () => {
      const store = await open();
      const first = await store.views.create({ name: "Mine", query: "assignee=me" });
      const second = await store.views.create({ name: "Bugs", query: "label=bug" });
      assert.deepEqual(await store.views.list(), [first, second]);
      assert.equal(await store.views.remove(first.id), true);
      assert.equal(await store.views.remove(first.id), false);
      assert.equal(await store.views.remove("no number"), false);
      assert.deepEqual(await store.views.list(), [{ ...second, position: 1 }]);
      const third = await store.views.create({ name: "Third", query: "" });
      assert.ok(third.position === 2 && third.id !== first.id);
    });

    it("changes the name, query and place of a view", async () => {
      const store = await open();
      const places = async () => (await store.views.list()).map(({ name, position }) => `${position} ${name}`);
      const gone = await store.views.create({ name: "Gone", query: "" });
      for (const name of ["A", "B", "C"]) await store.views.create({ name, query: "" });
      await store.views.remove(gone.id);
      const [a, b, c] = (await store.views.list()).map(({ id }) => id);
      assert.ok(a !== undefined && b !== undefined && c !== undefined);
      const changed = { id: b, name: "Bugs", query: "label=bug", position: 2 };
      assert.deepEqual(await store.views.change(b, { name: "Bugs", query: "label=bug" }), changed);
      assert.deepEqual(await store.views.change(b, {}), changed);
      assert.deepEqual(await store.views.change(c, { position: 1 }), { id: c, name: "C", query: "", position: 1 });
      assert.deepEqual(await places(), ["1 C", "2 A", "3 Bugs"]);
      assert.equal((await store.views.change(c, { position: 99 }))?.position, 3);
      assert.deepEqual(await places(), ["1 A", "2 Bugs", "3 C"]);
      await store.views.create({ name: "First", query: "", position: 1 });
      assert.deepEqual(await places(), ["1 First", "2 A", "3 Bugs", "4 C"]);
      for (const id of [gone.id, "x", ""]) assert.equal(await store.views.change(id, { name: "Other" }), null);
    });

    it("does not give two views the same name", async () => {
      const store = await open();
      const bugs = await store.views.create({ name: "Bugs", query: "label=bug" });
      const other = await store.views.create({ name: "Other", query: "" });
      const isTaken = { code: "conflict", field: "name" };
      await assert.rejects(store.views.create({ name: "bugs", query: "" }), isTaken);
      await assert.rejects(store.views.change(other.id, { name: "BUGS", query: "label=x", position: 1 }), isTaken);
      assert.deepEqual(await store.views.list(), [bugs, other]);
      assert.equal(
        (await store.views.change(bugs.id, { name: "bugs" }))?.name,
        "bugs",
        "its own name, written otherwise",
      );
    });

    it("lists changes since a sequence number, as far back as the log reaches", async () => {
      const { store, source } = await openWith(open, [1, 2, 3]);
      const start = await store.changes.sequence();
      assert.deepEqual(await store.changes.since(start), { sequence: start, refs: [] });
      await store.mirror.applyPage(source, makePage([makeIssue(1, { title: "A" }), makeIssue(2, { title: "B" })]));
      await store.mirror.applyPage(source, makePage([makeIssue(1, { title: "C" })]));
      assert.deepEqual(await store.changes.since(start), { sequence: start + 3, refs: ["shop#1", "shop#2"] });
      assert.deepEqual(await store.changes.since(start + 2), { sequence: start + 3, refs: ["shop#1"] });
      assert.equal(await store.changes.since(start + 99), null, "a number of another mirror");
    });

    it("keeps of the change log what a listener may have missed, and tombstones and undo steps for a month", async () => {
      const place = await createPlace();
      const store = await open(place);
      const [source = 0] = await addSources(store, shop);
      const changeAll = (title: string) =>
        store.mirror.applyPage(
          source,
          makePage(Array.from({ length: 3_000 }, (_, index) => makeIssue(index + 1, { title: `${title} ${index}` }))),
        );
      await changeAll("First");
      await store.mirror.remove(source, ["n1", "n2"], "gone");
      const issue = (await store.board.issues(all)).issues[0]?.id ?? 0;
      await store.outbox.edit(issue, [{ field: "title", from: "First", to: "Mine" }], { actor: "you", session: "s1" });
      assert.deepEqual(await countRows(place, "tombstone", "undo_entry"), [2, 1]);
      await clock.advance(31 * 86_400_000);
      for (const title of ["Second", "Third", "Fourth", "Fifth"]) await changeAll(title);
      const [changes = 0, ...others] = await countRows(place, "change", "tombstone", "undo_entry");
      const last = await store.changes.sequence();
      assert.ok(last > 14_000 && changes >= 10_000 && changes <= 11_000, `${changes} rows of ${last} changes`);
      assert.deepEqual(others, [0, 0]);
      assert.equal((await store.changes.since(last - 10_000))?.sequence, last);
      assert.equal(await store.changes.since(last - 10_001), null);
    });

    it("lists, misses and removes native ids for the sweep", async () => {
      const numbers = Array.from({ length: 1_205 }, (_, index) => index + 1);
      const { store, source } = await openWith(open, numbers);
      const seen: string[] = [];
      let batches = 0;
      for await (const batch of store.mirror.nativeIds(source)) {
        batches += 1;
        seen.push(...batch.map(({ nativeId, key }) => `${nativeId} ${key}`));
      }
      assert.ok(batches > 1);
      assert.deepEqual(
        seen,
        numbers.map((number) => `n${number} #${number}`),
      );
      assert.deepEqual(await store.mirror.missing(source, ["n1", "x", "n2", "y"]), ["x", "y"]);
      assert.deepEqual(await store.mirror.missing(source, []), []);
      const gone = await store.mirror.remove(source, ["n1", "n2", "unknown"], "gone");
      assert.deepEqual([gone.removed, gone.refs.toSorted()], [2, ["shop#1", "shop#2"]]);
      const outside = await store.mirror.remove(source, ["n3"], "outside");
      assert.equal(outside.removed, 1);
      assert.equal((await store.history.list({ limit: 10 })).length, 2, "only what is gone is history");
      assert.equal((await store.sources.get(source)).issues, 1_202);
      await store.mirror.applyPage(source, makePage([makeIssue(1), makeIssue(3)], { requestedAt: clock.now() - 1 }));
      assert.deepEqual(await store.mirror.missing(source, ["n1", "n2", "n3"]), ["n1", "n2"]);
      assert.deepEqual(await store.check(), []);
    });

    it("lists finished issues that have not been updated for long", async () => {
      const { store, source } = await openWith(open, [1]);
      await store.mirror.applyPage(
        source,
        makePage([
          makeIssue(2, { stateId: "closed", updatedAt: 100 }),
          makeIssue(3, { stateId: "dropped", updatedAt: 100 }),
          makeIssue(4, { stateId: "closed", updatedAt: 200 }),
          makeIssue(5, { updatedAt: 100 }),
        ]),
      );
      assert.deepEqual((await store.mirror.closedBefore(source, 200)).toSorted(), ["n2", "n3"]);
    });

    it("supports many concurrent reads and writes", async () => {
      const { store, source } = await openWith(open, [1]);
      const work = Array.from({ length: 40 }, async (_, index) => {
        const changes = [makeIssue(index + 2, { labelIds: [`l-${index % 3}`], type: `Type ${index % 4}` })];
        await store.mirror.applyPage(source, makePage(changes, { seen: {} }));
        return store.board.columns({ ...all, filter: { q: "issue" } });
      });
      await Promise.all(work);
      assert.equal(await store.board.total(), 41);
      assert.equal((await store.board.facets()).types.length, 5);
      assert.deepEqual(await store.check(), []);
    });
  });
});
