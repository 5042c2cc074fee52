import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addSources, onEachDatabase } from "../../../test/support/each-database.ts";
import { makeIssue, makePage, makeSource, mapping, vocabulary } from "../../../test/support/store-fixtures.ts";
import type { NativeComment, NativeIssue } from "../../domain/issue.ts";
import { createFindRefs } from "../../trackers/find-refs.ts";
import { trackers } from "../../trackers/registry.ts";
import type { Store } from "../store.ts";

const sources = {
  shop: makeSource("acme/shop"),
  min: makeSource("MIN", { id: "linear:MIN", tracker: "linear", connection: "linear", refPrefix: "" }),
  app: makeSource("group/app", { id: "gitlab:group/app", tracker: "gitlab", connection: "gitlab" }),
  proj: makeSource("PROJ", { id: "jira:PROJ", tracker: "jira", connection: "jira", refPrefix: "" }),
  box: makeSource("42", { id: "rally:42", tracker: "rally", connection: "rally", refPrefix: "" }),
};
type Place = keyof typeof sources;
const places = Object.keys(sources) as Place[];
const hosts = { shop: "git.test", min: "linear.test", app: "lab.test", proj: "jira.test", box: "rally.test" };
const me = { actor: "you", session: "s1" };
const findRefs = createFindRefs(trackers);

/** A mirror with one source in each tracker. */
async function openWorld(open: (options: { findRefs: typeof findRefs }) => Promise<Store>) {
  const store = await open({ findRefs });
  const ids = await addSources(store, ...Object.values(sources));
  for (const [index, place] of places.entries()) {
    const url = `https://${hosts[place]}/${sources[place].key}`;
    const info = { id: place, key: sources[place].key, name: place, url, readable: true, reason: null };
    await store.sources.saveSchema(ids[index] ?? 0, { info, vocabulary, mapping, at: 1 });
  }
  const keys = { shop: "#", min: "MIN-", app: "!", proj: "PROJ-", box: "US" };
  let requestedAt = 10_000;
  /** Puts issues into a source, as the tracker has them now; returns the reported changes. */
  const put = async (place: Place, ...issues: readonly (Partial<NativeIssue> & { number: number })[]) => {
    requestedAt += 1;
    const changes = issues.map(({ number, ...part }) =>
      makeIssue(number, { nativeId: `${place}${number}`, key: `${keys[place]}${number}`, ...part }),
    );
    const change = await store.mirror.applyPage(ids[places.indexOf(place)] ?? 0, makePage(changes, { requestedAt }));
    return change.refs.toSorted();
  };
  const idOf = async (ref: string): Promise<number> => {
    const { issues } = await store.board.issues({
      filter: {},
      sort: { key: "created", reverse: false },
      limit: 100,
      cursor: null,
      me: {},
    });
    const card = issues.find((issue) => issue.ref === ref);
    assert.ok(card, ref);
    return card.id;
  };
  const detail = async (ref: string) => store.board.detail(await idOf(ref));
  /** The relations in the issue's panel: `type ref`, and the origin if it is not the tracker. */
  const relations = async (ref: string) =>
    (await detail(ref)).relations.map(
      (relation) =>
        `${relation.type} ${relation.ref ?? "?"}${relation.origin === "tracker" ? "" : ` ${relation.origin}`}`,
    );
  return { store, ids, put, idOf, detail, relations };
}

describe("links", () => {
  onEachDatabase(({ open }) => {
    it("does not let parents set at the same moment form a circle", async () => {
      const { store, put, idOf } = await openWorld(open);
      await put("shop", { number: 1 });
      await put("min", { number: 2 });
      await put("proj", { number: 3 });
      const [one, two, three] = [await idOf("shop#1"), await idOf("MIN-2"), await idOf("PROJ-3")];
      const ways = await Promise.allSettled([
        store.links.add(one, "parent", two, me),
        store.links.add(three, "child", two, me),
        store.links.add(one, "child", three, me),
      ]);
      assert.deepEqual(ways.map(({ status }) => status).toSorted(), ["fulfilled", "fulfilled", "rejected"]);
    });

    it("stores a link once and shows it from both ends", async () => {
      const { store, put, idOf, detail, relations } = await openWorld(open);
      await put("shop", { number: 1 });
      await put("min", { number: 2, title: "The other" });
      const [one, two] = [await idOf("shop#1"), await idOf("MIN-2")];
      const { id, change } = await store.links.add(one, "blocked_by", two, me);
      assert.deepEqual(change.refs.toSorted(), ["MIN-2", "shop#1"]);
      assert.deepEqual(await store.links.list(one), [{ id, type: "blocked_by", otherId: two, origin: "made" }]);
      assert.deepEqual(await store.links.list(two), [{ id, type: "blocks", otherId: one, origin: "made" }]);
      const shown = await detail("shop#1");
      assert.deepEqual(shown.relations, [
        {
          id,
          type: "blocked_by",
          targetId: "min2",
          origin: "made",
          ref: "MIN-2",
          address: "MIN-2",
          key: "MIN-2",
          url: "https://tracker.test/issues/2",
          tracker: "linear",
          title: "The other",
          status: "backlog",
        },
      ]);
      assert.deepEqual(shown.blockedBy, ["MIN-2"]);

      const again = await store.links.add(two, "blocks", one, me);
      assert.equal(again.id, id);
      assert.deepEqual(again.change.refs, []);
      const history = await store.history.list({ limit: 10 });
      const lines = history.map(({ ref, actor, field, from, to }) => `${ref} ${actor} ${field} ${from} → ${to}`);
      assert.deepEqual(lines.toSorted(), [
        "MIN-2 you relation null → blocks shop#1",
        "shop#1 you relation null → blocked_by MIN-2",
      ]);

      const ended = await store.links.remove(id, { actor: "cli", session: "s1" });
      assert.deepEqual(ended?.refs.toSorted(), ["MIN-2", "shop#1"]);
      assert.deepEqual(await relations("MIN-2"), []);
      assert.equal(await store.links.remove(id, me), null);
      assert.equal(await store.links.remove("text:1", me), null);
      assert.equal((await store.history.list({ issueId: one, limit: 1 }))[0]?.from, "blocked_by MIN-2");
    });

    it("inverts every type, and allows circles except of parents", async () => {
      const { store, put, idOf, relations, detail } = await openWorld(open);
      await put("shop", { number: 1 });
      await put("app", { number: 2 });
      const [one, two] = [await idOf("shop#1"), await idOf("app!2")];
      for (const type of ["parent", "blocks", "blocked_by", "relates", "duplicates"] as const) {
        await store.links.add(one, type, two, me);
      }
      await store.links.add(two, "relates", one, me);
      assert.deepEqual((await relations("shop#1")).toSorted(), [
        "blocked_by app!2 made",
        "blocks app!2 made",
        "duplicates app!2 made",
        "parent app!2 made",
        "relates app!2 made",
      ]);
      assert.deepEqual((await relations("app!2")).toSorted(), [
        "blocked_by shop#1 made",
        "blocks shop#1 made",
        "child shop#1 made",
        "relates shop#1 made",
        "relates shop#1 made",
      ]);
      assert.deepEqual((await detail("app!2")).blockedBy, ["shop#1"]);
      assert.deepEqual((await detail("shop#1")).blockedBy, ["app!2"]);
      await assert.rejects(store.links.add(one, "child", two, me), {
        code: "invalid_input",
        message: /is already below/,
      });
      await assert.rejects(store.links.add(one, "blocks", one, me), { code: "invalid_input" });
      await assert.rejects(store.links.add(one, "blocks", 999, me), { code: "not_found" });
    });

    it("updates the blocked card when its blocker changes, in any tracker", async () => {
      const { store, ids, put, idOf, detail } = await openWorld(open);
      await put("shop", { number: 1 });
      await put("proj", { number: 2 });
      await store.links.add(await idOf("PROJ-2"), "blocks", await idOf("shop#1"), me);
      assert.deepEqual(await put("proj", { number: 2, stateId: "closed" }), ["PROJ-2", "shop#1"]);
      assert.deepEqual((await detail("shop#1")).blockedBy, []);
      assert.deepEqual(await put("proj", { number: 2, key: "PROJ-9" }), ["PROJ-2", "PROJ-9", "shop#1"]);
      assert.deepEqual((await detail("shop#1")).blockedBy, ["PROJ-9"]);
      const { refs } = await store.mirror.remove(ids[3] ?? 0, ["proj2"], "gone");
      assert.deepEqual(refs.toSorted(), ["PROJ-9", "shop#1"]);
      assert.deepEqual((await detail("shop#1")).relations, []);
      assert.deepEqual(await store.check(), []);
    });

    it("leaves out links that the tracker already has", async () => {
      const { store, put, idOf, relations } = await openWorld(open);
      const blocked = [{ id: "r1", type: "blocked_by", targetId: "shop2" }] as const;
      await put("shop", { number: 1, relations: blocked, body: "after #2 and #3, part of #4", parentId: "shop4" });
      await put("shop", { number: 2 }, { number: 3 }, { number: 4 });
      await store.links.add(await idOf("shop#1"), "blocked_by", await idOf("shop#2"), me);
      await store.links.add(await idOf("shop#1"), "relates", await idOf("shop#3"), me);
      assert.deepEqual(await relations("shop#1"), ["blocked_by shop#2", "relates shop#3 made"]);
    });
  });
});

describe("mentions", () => {
  onEachDatabase(({ open }) => {
    it("shows mentions at both ends, across all trackers", async () => {
      const { put, relations } = await openWorld(open);
      const refs = { shop: "shop#1", min: "MIN-1", app: "app!1", proj: "PROJ-1", box: "US1" };
      for (const place of places) await put(place, { number: 1 });
      for (const place of places) {
        const others = places.filter((other) => other !== place);
        const list = others.map((other) => `- ${refs[other]}`);
        await put(place, { number: 7, body: ["Related issues:", ...list].join("\n") });
        const seven = refs[place].replace("1", "7");
        assert.deepEqual(
          await relations(seven),
          others.map((other) => `relates ${refs[other]} text`),
          place,
        );
      }
      assert.deepEqual(await relations("PROJ-1"), [
        "relates shop#7 text",
        "relates MIN-7 text",
        "relates app!7 text",
        "relates US7 text",
      ]);
    });

    it("understands URLs, short refs and former keys", async () => {
      const { put, relations } = await openWorld(open);
      const body = [
        "https://git.test/acme/shop/issues/2",
        "https://other.test/acme/shop/issues/3",
        "https://jira.test/browse/PROJ-4",
        "https://rally.test/#/1d/detail/userstory/55",
        "#5 and old MIN-6, min-8",
        "https://lab.test/group/app/-/merge_requests/9 and !9 and app!9",
      ];
      await put("shop", { number: 2 }, { number: 3 }, { number: 5 });
      await put("proj", { number: 4 });
      await put("box", { number: 10, nativeId: "55" });
      await put("min", { number: 7, formerKeys: ["MIN-6"] }, { number: 8 });
      await put("app", { number: 9 });
      await put("shop", { number: 1, body: body.join("\n") });
      assert.deepEqual((await relations("shop#1")).toSorted(), [
        "relates MIN-7 text",
        "relates MIN-8 text",
        "relates PROJ-4 text",
        "relates US10 text",
        "relates app!9 text",
        "relates shop#2 text",
        "relates shop#5 text",
      ]);
      // In GitLab's own texts `!` is a merge request.
      await put("app", { number: 1, body: "see !9, app!9 and #9" }, { number: 2, body: "see !9, app!9" });
      assert.deepEqual(await relations("app!1"), ["relates app!9 text"]);
      assert.deepEqual(await relations("app!2"), []);
      assert.deepEqual(await relations("MIN-7"), ["relates shop#1 text"]);
    });

    it("follows changes of the texts and the mirror", async () => {
      const { store, ids, put, idOf, relations } = await openWorld(open);
      await put("shop", { number: 1, body: "see MIN-2" });
      assert.deepEqual(await relations("shop#1"), []);
      await put("min", { number: 2 });
      assert.deepEqual(await relations("MIN-2"), ["relates shop#1 text"]);
      assert.deepEqual(await put("shop", { number: 1, body: "never mind" }), ["MIN-2", "shop#1"]);
      assert.deepEqual(await relations("MIN-2"), []);

      const comment: NativeComment = { id: "c", authorId: null, body: "`MIN-2` or MIN-2", createdAt: 1, updatedAt: 1 };
      const told = await store.comments.replace(await idOf("shop#1"), [comment], {}, 1);
      assert.deepEqual(told.refs.toSorted(), ["MIN-2", "shop#1"]);
      await put("shop", { number: 1, body: "its comments stay" });
      assert.deepEqual(await relations("shop#1"), ["relates MIN-2 text"]);
      await store.mirror.remove(ids[1] ?? 0, ["min2"], "gone");
      assert.deepEqual(await relations("shop#1"), []);
      await store.comments.replace(await idOf("shop#1"), [], {}, 2);
      await put("min", { number: 2, nativeId: "another" });
      assert.deepEqual(await relations("shop#1"), []);
    });

    it("leaves out ambiguous mentions", async () => {
      const { store, put, relations } = await openWorld(open);
      await store.sources.reconcile([
        ...Object.values(sources),
        makeSource("MIN", { id: "jira:MIN", tracker: "jira", connection: "jira", refPrefix: "" }),
        makeSource("other/shop", { connection: "github" }),
        makeSource("group/shop", { id: "gitlab:group/shop", tracker: "gitlab", connection: "gitlab" }),
      ]);
      const rows = await store.sources.list();
      for (const row of rows.slice(5)) {
        const info = { id: row.config.id, key: row.config.key, name: "", url: null, readable: true, reason: null };
        await store.sources.saveSchema(row.id, { info, vocabulary, mapping, at: 1 });
      }
      await put("min", { number: 1 });
      await put("shop", { number: 2 }, { number: 3 });
      await store.mirror.applyPage(rows[5]?.id ?? 0, makePage([makeIssue(101, { key: "MIN-1" })]));
      await store.mirror.applyPage(rows[6]?.id ?? 0, makePage([makeIssue(102, { key: "#2" })]));
      await store.mirror.applyPage(rows[7]?.id ?? 0, makePage([makeIssue(103, { key: "!3" })]));
      await put("proj", { number: 9, body: "MIN-1, shop#2, acme/shop#2, shop#3" });
      // The last one is exactly GitHub's ref; it means GitLab's only if GitHub has none.
      assert.deepEqual(await relations("PROJ-9"), ["relates shop#2 text", "relates shop#3 text"]);
      await put("app", { number: 9, body: "shop#3" });
      assert.deepEqual(await relations("app!9"), []);
    });

    it("reads mirrored texts again when a tracker is added", async () => {
      const store = await open({ findRefs });
      const [shop = 0] = await addSources(store, sources.shop);
      const body = "MIN-1, MIN-2";
      await store.mirror.applyPage(shop, makePage([makeIssue(1, { body }), makeIssue(2), makeIssue(3, { body })]));
      const [, min = 0] = await addSources(store, sources.shop, sources.min);
      await store.mirror.applyPage(min, makePage([makeIssue(4, { key: "MIN-1" })]));
      const [found] = await store.board.find({
        tracker: "linear",
        key: "MIN-1",
        prefix: null,
        sourceKey: null,
        host: null,
      });
      const links = await store.links.list(found?.id ?? 0);
      assert.deepEqual(
        links.map((link) => [link.type, link.origin]),
        [
          ["relates", "text"],
          ["relates", "text"],
        ],
      );
    });
  });
});
