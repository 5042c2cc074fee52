import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { blankDraft } from "../../../test/support/blank-draft.ts";
import { addSources, onEachDatabase } from "../../../test/support/each-database.ts";
import { makeIssue, makePage, makeSource } from "../../../test/support/store-fixtures.ts";
import { isPanopticonError } from "../../domain/error.ts";
import type { NativeIssue } from "../../domain/issue.ts";
import type { FieldChange } from "../../domain/operation.ts";
import type { Store } from "../store.ts";
import type { Author } from "./outbox.ts";

const by: Author = { actor: "you", session: "s1" };
const title = (from: string, to: string): FieldChange => ({ field: "title", from, to });
const close: readonly FieldChange[] = [
  { field: "status", from: "backlog", to: "done" },
  { field: "state", from: "open", to: "closed" },
];
const draft = { ...blankDraft, title: "A new one", body: "Text" };

async function cardOf(store: Store, ref: string) {
  const { issues } = await store.board.issues({
    filter: {},
    sort: { key: "created", reverse: true },
    limit: 100,
    cursor: null,
    me: {},
  });
  const card = issues.find((one) => one.ref === ref);
  assert.ok(card, `${ref} is on the board`);
  return card;
}

describe("outbox", () => {
  onEachDatabase(({ open, clock }) => {
    const setUp = async (part: Parameters<typeof makeSource>[1] = {}) => {
      const store = await open();
      const [source = 0] = await addSources(store, makeSource("acme/shop", part));
      await store.mirror.applyPage(source, makePage([makeIssue(1), makeIssue(2)]));
      const { id } = await cardOf(store, "shop#1");
      return { store, source, id };
    };

    it("shows an edit at once, with true counts, and keeps the tracker's own values apart", async () => {
      const { store, id } = await setUp();
      const { operation, change } = await store.outbox.edit(id, [title("Issue 1", "Better"), ...close], by);
      assert.deepEqual(change.refs, ["shop#1"]);
      const card = await cardOf(store, "shop#1");
      assert.equal(card.title, "Better");
      assert.equal(card.status, "done");
      assert.deepEqual(card.sync, { state: "pending", reason: null, operation, waitsUntil: null });
      const issue = await store.outbox.issue(id);
      assert.equal(issue.base.title, "Issue 1");
      assert.equal(issue.shown.title, "Better");
      const columns = await store.board.columns({
        filter: {},
        sort: { key: "priority", reverse: false },
        limit: 9,
        me: {},
      });
      assert.deepEqual(
        columns.map(({ total }) => total),
        [1, 0, 0, 0, 1, 0],
      );
      assert.deepEqual(
        (
          await store.board.issues({
            filter: { q: "better" },
            sort: { key: "updated", reverse: false },
            limit: 9,
            cursor: null,
            me: {},
          })
        ).total,
        1,
      );
      assert.deepEqual(
        (await store.history.list({ issueId: id, limit: 9 }))
          .map(({ actor, field, from, to, state }) => [actor, field, from, to, state])
          .toSorted((a, b) => String(a[1]).localeCompare(String(b[1]))),
        [
          ["you", "status", "backlog", "done", "pending"],
          ["you", "title", "Issue 1", "Better", "pending"],
        ],
      );
      assert.deepEqual(await store.check(), []);
    });

    it("folds unsent edits of one field, and takes back what comes back to where it was", async () => {
      const { store, id } = await setUp();
      await store.outbox.edit(id, [title("Issue 1", "A"), ...close], by);
      await store.outbox.edit(id, [title("A", "B")], by);
      const [first, second] = await store.outbox.list();
      assert.deepEqual(
        first?.fields.map(({ field }) => field),
        ["status", "state"],
      );
      assert.deepEqual(second?.fields, [title("Issue 1", "B")]);
      const { operation } = await store.outbox.edit(id, [title("B", "Issue 1")], by);
      assert.equal(operation, null);
      assert.equal((await store.outbox.list()).length, 1);
      assert.equal((await cardOf(store, "shop#1")).title, "Issue 1");
    });

    it("folds labels against what the tracker has", async () => {
      const { store, id } = await setUp();
      await store.outbox.edit(id, [{ field: "labels", add: ["l-bug"], remove: [] }], by);
      await store.outbox.edit(id, [{ field: "labels", add: ["l-urgent"], remove: ["l-bug"] }], by);
      const operations = await store.outbox.list();
      assert.deepEqual(
        operations.map(({ fields }) => fields),
        [[{ field: "labels", add: ["l-urgent"], remove: [] }]],
      );
      const card = await cardOf(store, "shop#1");
      assert.deepEqual(
        card.labels.map(({ name }) => name),
        ["P0"],
      );
      assert.equal(card.priority, 1, "a label that stands for a priority counts at once");
    });

    it("keeps an edit over what a pull brings, and lets other fields through", async () => {
      const { store, source, id } = await setUp();
      await store.outbox.edit(id, [title("Issue 1", "Mine")], by);
      const theirs = makeIssue(1, { title: "Theirs", labelIds: ["l-bug"] });
      await store.mirror.applyPage(source, makePage([theirs], { requestedAt: 20_000 }));
      const card = await cardOf(store, "shop#1");
      assert.equal(card.title, "Mine");
      assert.deepEqual(
        card.labels.map(({ name }) => name),
        ["Bug"],
      );
      assert.equal((await store.outbox.issue(id)).base.title, "Theirs");
    });

    it("makes the answer the base, and tells the history that it was written", async () => {
      const { store, id } = await setUp();
      const { operation } = await store.outbox.edit(id, [title("Issue 1", "Better")], by);
      assert.ok(operation);
      await store.outbox.sending.begin(await store.outbox.get(operation), { steps: [{ name: "edit" }], lookAt: null });
      assert.equal((await store.outbox.get(operation)).state, "sending");
      await store.outbox.sending.settle(operation, {
        state: "written",
        answer: { issue: makeIssue(1, { title: "Better" }), seen: {}, requestedAt: clock.now() },
      });
      const card = await cardOf(store, "shop#1");
      assert.equal(card.sync.state, "synced");
      assert.equal(card.title, "Better");
      assert.deepEqual(await store.outbox.list(), []);
      assert.deepEqual(
        (await store.history.list({ issueId: id, limit: 9 })).map(({ actor, state }) => [actor, state]),
        [["you", "written"]],
        "the tracker's echo is not told again",
      );
    });

    it("takes a refused edit back on the screen and keeps it for the user", async () => {
      const { store, id } = await setUp();
      const { operation } = await store.outbox.edit(id, [title("Issue 1", "Refused"), ...close], by);
      assert.ok(operation);
      await store.outbox.sending.settle(operation, {
        state: "refused",
        reason: { code: "forbidden", message: "You may not.", hint: "Ask for the right." },
      });
      const card = await cardOf(store, "shop#1");
      assert.equal(card.title, "Issue 1");
      assert.equal(card.status, "backlog");
      assert.deepEqual(card.sync, { state: "failed", reason: "You may not.", operation, waitsUntil: null });
      assert.equal((await store.outbox.get(operation)).fields.length, 3);
      await store.outbox.retry(operation);
      assert.equal((await cardOf(store, "shop#1")).title, "Refused");
      await store.outbox.drop(operation);
      assert.equal((await cardOf(store, "shop#1")).sync.state, "synced");
      assert.deepEqual(
        (await store.history.list({ issueId: id, limit: 9 })).map(({ state }) => state),
        ["dropped", "dropped"],
      );
      assert.deepEqual(await store.check(), []);
    });

    it("keeps both values of a conflict, and lets the rest go on", async () => {
      const { store, source, id } = await setUp();
      const { operation } = await store.outbox.edit(id, [title("Issue 1", "Mine"), ...close], by);
      assert.ok(operation);
      await store.mirror.applyPage(source, makePage([makeIssue(1, { title: "Theirs" })], { requestedAt: 20_000 }));
      await store.outbox.sending.settle(operation, {
        state: "conflict",
        fields: [title("Issue 1", "Mine")],
        conflicts: [{ field: "title", theirs: "Theirs" }],
        rest: close,
      });
      const card = await cardOf(store, "shop#1");
      assert.equal(card.title, "Theirs");
      assert.equal(card.status, "done");
      assert.equal(card.sync.state, "conflict");
      await assert.rejects(
        async () => store.outbox.resolve(operation, { titel: "mine" }),
        (error) => isPanopticonError(error) && error.candidates.includes("title"),
      );
      await store.outbox.resolve(operation, { title: "mine" });
      assert.equal((await cardOf(store, "shop#1")).title, "Mine");
      assert.deepEqual((await store.outbox.get(operation)).fields, [title("Theirs", "Mine")]);
    });

    it("puts a new issue on the board under a local ref that keeps working", async () => {
      const { store, id } = await setUp();
      const made = await store.outbox.create(1, draft, by);
      assert.equal(made.ref, "new-1");
      assert.equal((await cardOf(store, "new-1")).title, "A new one");
      await store.outbox.edit(made.issueId, [title("A new one", "Renamed")], by);
      const child = await store.outbox.edit(
        id,
        [{ field: "parent", from: null, to: (await store.outbox.issue(made.issueId)).base.nativeId }],
        by,
      );
      const upcoming = await store.outbox.sending.upcoming("github", 10);
      assert.deepEqual(
        upcoming.map(({ kind }) => kind),
        ["create"],
        "what refers to it waits for its name",
      );
      const [create] = upcoming;
      assert.equal(create?.payload.draft?.title, "Renamed");
      assert.equal((await store.outbox.issue(made.issueId)).shown.title, "Renamed");
      assert.ok(create);
      await store.outbox.sending.begin(create, { steps: [], lookAt: null });
      await store.outbox.edit(made.issueId, [{ field: "dueDate", from: null, to: "2026-12-24" }], by);
      const named = makeIssue(9, { title: "Renamed", body: "Text" });
      // The pull was faster than the answer.
      await store.mirror.applyPage(1, makePage([named], { requestedAt: 30_000 }));
      // And somebody was faster still, and changed what the pull had brought.
      const pulled = await cardOf(store, "shop#9");
      const late = await store.outbox.edit(pulled.id, [title("Renamed", "Renamed again")], by);
      const link = await store.outbox.comment(pulled.id, { kind: "comment", body: "Seen." }, by);
      await store.links.add(pulled.id, "relates", id, by);
      await store.outbox.sending.named(create.id, { issue: named, seen: {}, requestedAt: clock.now() }, []);
      await store.outbox.sending.settle(create.id, { state: "written" });
      const card = await cardOf(store, "shop#9");
      assert.equal(card.id, made.issueId);
      assert.equal(card.dueDate, "2026-12-24");
      assert.equal(card.title, "Renamed again");
      for (const { operation } of [late, link]) {
        assert.ok(operation);
        const kept = await store.outbox.get(operation);
        assert.deepEqual([kept.issueId, kept.state], [made.issueId, "queued"]);
      }
      assert.equal((await store.links.list(made.issueId)).length, 1);
      assert.equal(await store.board.total(), 3);
      assert.equal((await store.board.findLocal("NEW-1"))?.id, made.issueId);
      assert.ok(child.operation);
      const [parent] = (await store.outbox.get(child.operation)).fields;
      assert.deepEqual(parent, { field: "parent", from: null, to: "n9" });
      assert.deepEqual(await store.check(), []);
    });

    describe("recognises a pulled issue by the mark of the create that made it", () => {
      const account = { id: "p-ann", login: "Ann", name: "Ann Ames" };
      /** A create that was sent. */
      const send = async () => {
        const { store, source } = await setUp();
        await store.sources.saveAccount("github", account);
        const { operation, issueId } = await store.outbox.create(source, draft, by);
        assert.ok(operation !== null);
        const create = await store.outbox.get(operation);
        await store.outbox.sending.begin(create, { steps: [], lookAt: clock.now() + 60_000 });
        const made = makeIssue(9, { title: draft.title, body: draft.body, authorId: account.id, madeBy: create.uuid });
        const pull = (...issues: readonly NativeIssue[]) =>
          store.mirror.applyPage(source, makePage(issues, { requestedAt: clock.now() }));
        const { sending } = store.outbox;
        const entry = () => store.outbox.get(operation);
        return { store, operation, issueId, create, made, pull, sending, entry };
      };

      it("before it is shown twice, and lets the create go on at once", async () => {
        const { store, operation, issueId, made, pull, sending, entry } = await send();
        await sending.postpone(operation, {
          state: "unknown",
          nextAttemptAt: clock.now() + 60_000,
          reason: { code: "timeout", message: "No answer.", hint: null },
        });
        const later = await store.outbox.edit(issueId, [title(draft.title, "Renamed")], by);
        const change = await pull(made);
        assert.equal(change.due, true);
        assert.deepEqual([...change.refs].toSorted(), ["new-1", "shop#9"]);
        assert.equal(await store.board.total(), 3);
        const card = await cardOf(store, "shop#9");
        assert.deepEqual([card.id, card.title], [issueId, "Renamed"]);
        const { state, nextAttemptAt, reason } = await entry();
        assert.deepEqual([state, nextAttemptAt, reason], ["unknown", null, null]);
        await sending.settle(operation, { state: "written" });
        assert.ok(later.operation !== null);
        assert.deepEqual((await store.outbox.get(later.operation)).fields, [title(draft.title, "Renamed")]);
        assert.deepEqual(await store.check(), []);
      });

      it("while its answer is still on the way: the newer of the two counts, and it is not made again", async () => {
        const { store, operation, issueId, create, made, pull, sending, entry } = await send();
        const askedAt = clock.now();
        await clock.advance(100);
        await pull({ ...made, title: "Theirs since" });
        assert.equal((await entry()).state, "sending");
        await sending.postpone(operation, { state: "unknown", nextAttemptAt: null, reason: null });
        await assert.rejects(
          sending.begin(create, { steps: [], lookAt: null }),
          (error) => isPanopticonError(error) && error.code === "conflict",
        );
        await sending.named(operation, { issue: made, seen: {}, requestedAt: askedAt }, []);
        assert.equal((await cardOf(store, "shop#9")).title, "Theirs since");
        const twin = makeIssue(10, { madeBy: create.uuid, authorId: account.id });
        await sending.named(operation, { issue: twin, seen: {}, requestedAt: clock.now() }, []);
        assert.equal((await cardOf(store, "shop#9")).id, issueId, "another answer is a twin's");
        await clock.advance(100);
        await sending.named(
          operation,
          { issue: { ...made, title: "Answered" }, seen: {}, requestedAt: clock.now() },
          [],
        );
        assert.equal((await cardOf(store, "shop#9")).title, "Answered");
        assert.equal(await store.board.total(), 3);
        assert.deepEqual(await store.check(), []);
      });

      it("of twins the older one, and never what somebody else has made of a copy", async () => {
        const { store, issueId, made, pull } = await send();
        await pull({ ...made, nativeId: "n7", key: "#7", authorId: "p-ben" }, makeIssue(8, { madeBy: "another" }));
        assert.equal((await cardOf(store, "new-1")).id, issueId);
        await pull(makeIssue(11, { ...made, nativeId: "n11", key: "#11", createdAt: made.createdAt + 1 }), made);
        assert.equal((await cardOf(store, "shop#9")).id, issueId);
        assert.notEqual((await cardOf(store, "shop#11")).id, issueId);
        assert.deepEqual(await store.check(), []);
      });

      it("also after the create was refused: it was made all the same", async () => {
        const { store, operation, issueId, made, pull, sending, entry } = await send();
        const reason = { code: "forbidden", message: "No.", hint: null } as const;
        await sending.settle(operation, { state: "refused", reason });
        await pull(made);
        assert.deepEqual([(await entry()).state, (await entry()).reason], ["unknown", null]);
        assert.equal((await cardOf(store, "shop#9")).id, issueId);
        assert.deepEqual(
          (await sending.upcoming("github", 9)).map(({ id }) => id),
          [operation],
        );
      });
    });

    it("keeps what was written to a pulled issue while its create was still looked for", async () => {
      const { store } = await setUp();
      const made = await store.outbox.create(1, draft, by);
      const named = makeIssue(9, { title: draft.title, body: draft.body });
      await store.mirror.applyPage(1, makePage([named], { requestedAt: clock.now() }));
      const pulled = await cardOf(store, "shop#9");
      // Asked for now, and answered when somebody's change has been written.
      const found = { issue: named, seen: {}, requestedAt: clock.now() };
      await clock.advance(100);
      const edit = await store.outbox.edit(pulled.id, [title(draft.title, "Renamed")], by);
      assert.ok(edit.operation !== null && made.operation !== null);
      await store.outbox.sending.settle(edit.operation, {
        state: "written",
        answer: { issue: { ...named, title: "Renamed" }, seen: {}, requestedAt: clock.now() },
      });
      await clock.advance(100);
      await store.outbox.sending.named(made.operation, found, []);
      await store.outbox.sending.settle(made.operation, { state: "written" });
      const card = await cardOf(store, "shop#9");
      assert.deepEqual([card.id, card.title], [made.issueId, "Renamed"]);
      assert.deepEqual(await store.check(), []);
    });

    it("keeps links to what a pull brought of a new issue, one of each, which can be taken back", async () => {
      const { store } = await setUp();
      const made = await store.outbox.create(1, draft, by);
      assert.ok(made.operation !== null);
      const named = makeIssue(9, { title: draft.title, body: draft.body });
      await store.mirror.applyPage(1, makePage([makeIssue(5)], { requestedAt: clock.now() }));
      await store.mirror.applyPage(1, makePage([named], { requestedAt: clock.now() }));
      const [other, pulled] = [await cardOf(store, "shop#5"), await cardOf(store, "shop#9")];
      await store.links.add(other.id, "relates", made.issueId, { ...by, session: "s2" });
      await store.links.add(other.id, "blocks", pulled.id, { ...by, session: "s3" });
      await store.links.add(other.id, "relates", pulled.id, by);
      await store.outbox.sending.named(made.operation, { issue: named, seen: {}, requestedAt: clock.now() }, []);
      const typesOf = async () => (await store.links.list(other.id)).map(({ type, otherId }) => `${type} ${otherId}`);
      assert.deepEqual((await typesOf()).toSorted(), [`blocks ${made.issueId}`, `relates ${made.issueId}`]);
      for (const session of [by.session, "s3"]) {
        const [entry] = await store.undo.last(session);
        assert.ok(entry?.change.kind === "link");
        const { type, otherId } = entry.change;
        assert.ok(await store.links.removeMade(entry.issueId, type, otherId, by), type);
      }
      assert.deepEqual(await typesOf(), []);
      // The one that was brought over counts as made either way round.
      await store.links.add(other.id, "relates", made.issueId, by);
      await store.links.add(made.issueId, "relates", other.id, by);
      assert.equal((await typesOf()).length, 1);
      assert.deepEqual(await store.check(), []);
    });

    it("keeps the order of changes to a new issue and to what a pull brought of it", async () => {
      const { store } = await setUp();
      const makeBoth = async (nativeId: number) => {
        const made = await store.outbox.create(1, draft, by);
        assert.ok(made.operation);
        await store.outbox.sending.begin(await store.outbox.get(made.operation), { steps: [], lookAt: null });
        const named = makeIssue(nativeId, { title: draft.title, body: draft.body });
        await store.mirror.applyPage(1, makePage([named], { requestedAt: clock.now() }));
        const first = await store.outbox.edit(made.issueId, [title(draft.title, "First")], by);
        const pulled = await cardOf(store, `shop#${nativeId}`);
        const second = await store.outbox.edit(pulled.id, [title(draft.title, "Second")], by);
        assert.ok(first.operation !== null && second.operation !== null);
        return { create: made.operation, first: first.operation, second: second.operation, named };
      };

      const open = await makeBoth(9);
      await store.outbox.sending.named(open.create, { issue: open.named, seen: {}, requestedAt: clock.now() }, []);
      assert.deepEqual((await store.outbox.get(open.first)).fields, [title(draft.title, "First")]);
      assert.deepEqual((await store.outbox.get(open.second)).fields, [title("First", "Second")]);
      assert.equal((await cardOf(store, "shop#9")).title, "Second");

      const over = await makeBoth(8);
      const issue = { ...over.named, title: "Second" };
      await store.outbox.sending.settle(over.second, {
        state: "written",
        answer: { issue, seen: {}, requestedAt: clock.now() },
      });
      await store.outbox.sending.named(over.create, { issue, seen: {}, requestedAt: clock.now() }, []);
      assert.equal((await store.outbox.get(over.first)).state, "merged", "it was changed again, and that is written");
      assert.equal((await cardOf(store, "shop#8")).title, "Second");
      assert.deepEqual(await store.check(), []);
    });

    it("takes an unsent new issue away with everything that was wanted of it", async () => {
      const { store } = await setUp();
      const made = await store.outbox.create(1, draft, by);
      await store.outbox.comment(made.issueId, { kind: "comment", body: "Hello" }, by);
      assert.ok(made.operation);
      await store.outbox.drop(made.operation, "undone");
      assert.deepEqual(await store.outbox.list(), []);
      assert.equal(await store.board.total(), 2);
      assert.deepEqual(await store.check(), []);
    });

    it("shows comments before they are written, and changes them where they wait", async () => {
      const { store, id } = await setUp();
      await store.outbox.comment(id, { kind: "comment", body: "Frist" }, by);
      const [comment] = await store.comments.list(id);
      assert.ok(comment);
      assert.deepEqual([comment.body, comment.pending, comment.own], ["Frist", true, true]);
      await store.outbox.comment(id, { kind: "edit_comment", commentId: comment.id, body: "First" }, by);
      const [operation] = await store.outbox.list();
      assert.equal(operation?.payload.comment?.body, "First");
      assert.ok(operation);
      await store.outbox.sending.settle(operation.id, {
        state: "written",
        comment: { comment: { id: "c9", authorId: null, body: "First", createdAt: 1, updatedAt: 1 }, seen: {} },
      });
      assert.deepEqual(
        (await store.comments.list(id)).map(({ id: native, pending }) => [native, pending]),
        [["c9", false]],
      );
      await store.outbox.comment(id, { kind: "delete_comment", commentId: "c9" }, by);
      assert.deepEqual(await store.comments.list(id), []);
    });

    it("keeps moves of a shadowing project to itself, and says what the tracker has", async () => {
      const { store, source, id } = await setUp({ shadow: true });
      const { operation } = await store.outbox.edit(
        id,
        [
          { field: "status", from: "backlog", to: "in_progress" },
          { field: "labels", add: ["l-progress", "l-bug"], remove: [] },
        ],
        by,
      );
      assert.ok(operation);
      assert.deepEqual((await store.outbox.get(operation)).fields, [{ field: "labels", add: ["l-bug"], remove: [] }]);
      await store.mirror.applyPage(source, makePage([makeIssue(1, { title: "Other" })], { requestedAt: 20_000 }));
      const card = await cardOf(store, "shop#1");
      assert.equal(card.status, "in_progress");
      assert.deepEqual(card.shadow, { trackerStatus: "backlog" });
      assert.deepEqual(await store.check(), []);
    });

    it("gives the first open operation of each issue, in order, when its time has come", async () => {
      const { store, id } = await setUp();
      const two = await cardOf(store, "shop#2");
      const first = await store.outbox.edit(id, [title("Issue 1", "A")], by);
      await store.outbox.relate(
        id,
        {
          kind: "relate",
          relation: { type: "blocks", target: { nativeId: "n2", key: "#2", sourceKey: "acme/shop" }, id: null },
        },
        by,
      );
      const other = await store.outbox.edit(two.id, [title("Issue 2", "B")], by);
      assert.ok(first.operation && other.operation);
      const ids = async () => (await store.outbox.sending.upcoming("github", 10)).map((one) => one.id);
      assert.deepEqual(await ids(), [first.operation, other.operation]);
      await store.outbox.sending.postpone(first.operation, {
        state: "waiting",
        nextAttemptAt: clock.now() + 5_000,
        reason: null,
      });
      assert.deepEqual(await ids(), [other.operation, first.operation]);
      assert.equal((await cardOf(store, "shop#1")).sync.waitsUntil, clock.now() + 5_000);
      await store.outbox.sending.begin(await store.outbox.get(other.operation), { steps: [], lookAt: null });
      await assert.rejects(
        store.outbox.drop(other.operation),
        (error) => isPanopticonError(error) && error.code === "conflict",
      );
      assert.equal(await store.outbox.sending.recover(), 1);
      assert.equal((await store.outbox.get(other.operation)).state, "unknown");
    });
  });
});
