import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { onEachDatabase } from "../../../test/support/each-database.ts";
import { makeIssue, makePage, makeSource } from "../../../test/support/store-fixtures.ts";
import { isPanopticonError } from "../../domain/error.ts";
import type { FieldChange } from "../../domain/operation.ts";
import type { Change } from "../change.ts";
import { by, cardOf, setTwoIssues, title } from "../../../test/support/outbox-stage.ts";

const close: readonly FieldChange[] = [
  { field: "status", from: "backlog", to: "done" },
  { field: "state", from: "open", to: "closed" },
];

describe("outbox", () => {
  onEachDatabase(({ open, clock }) => {
    const setUp = async (part?: Parameters<typeof setTwoIssues>[1]) => setTwoIssues(await open(), part);

    it("refuses to send an operation that changed after it was read", async () => {
      const { store, id } = await setUp();
      const { operation } = await store.outbox.edit(id, [title("Issue 1", "First")], by);
      const read = await store.outbox.get(operation ?? 0);
      const { operation: next } = await store.outbox.edit(id, [title("First", "Second")], by);
      await assert.rejects(store.outbox.sending.begin(read, { steps: [], lookAt: null }), { code: "conflict" });
      const present = await store.outbox.get(next ?? 0);
      await assert.rejects(
        store.outbox.sending.begin({ ...present, fields: read.fields }, { steps: [], lookAt: null }),
        { code: "conflict" },
      );
      await store.outbox.sending.begin(present, { steps: [], lookAt: null });
      assert.equal((await store.outbox.get(present.id)).state, "sending");
    });

    it("ignores what was requested before the answer of an own write arrived, and accepts what was requested after", async () => {
      const { store, source, id } = await setUp();
      const { operation } = await store.outbox.edit(id, [title("Issue 1", "Mine")], by);
      const queued = await store.outbox.get(operation ?? 0);
      await store.outbox.sending.begin(queued, { steps: [], lookAt: null });
      const written = { issue: makeIssue(1, { title: "Mine" }), seen: {}, requestedAt: clock.now() };
      await clock.advance(10);
      const between = clock.now();
      await clock.advance(10);
      await store.outbox.sending.settle(queued.id, { state: "written", answer: written });
      const page = (requestedAt: number, name: string) =>
        store.mirror.applyPage(source, makePage([makeIssue(1, { title: name })], { requestedAt }));
      assert.equal((await page(between, "Issue 1")).overtaken, true, "the tracker may not have had it yet");
      assert.equal((await cardOf(store, "shop#1")).title, "Mine");
      assert.equal((await page(clock.now(), "Theirs")).overtaken, false);
      assert.equal((await cardOf(store, "shop#1")).title, "Theirs");
    });

    it("logs a change of an operation's state even if the card shows the same values", async () => {
      const { store, id } = await setUp();
      const { operation, change } = await store.outbox.edit(id, [title("Issue 1", "Better")], by);
      const told = async (since: number) => (await store.changes.since(since))?.refs;
      assert.deepEqual(await told(change.sequence), []);
      const queued = await store.outbox.get(operation ?? 0);
      const reason = { code: "unreachable", message: "There is no network.", hint: null };
      await store.outbox.sending.begin(queued, { steps: [], lookAt: null });
      const waits = await store.outbox.sending.postpone(queued.id, { state: "waiting", nextAttemptAt: 1, reason });
      assert.deepEqual(waits.refs, ["shop#1"]);
      assert.deepEqual(await told(change.sequence), ["shop#1"]);
      const { base } = await store.outbox.issue(id);
      const answer = { issue: { ...base, title: "Better" }, seen: {}, requestedAt: clock.now() };
      const written = await store.outbox.sending.settle(queued.id, { state: "written", answer });
      assert.deepEqual(written.refs, ["shop#1"]);
      assert.deepEqual(await told(waits.sequence), ["shop#1"]);
    });

    it("shows an edit at once, with correct counts, and keeps the tracker's values separately", async () => {
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

    it("shows and finds a description that is not sent yet, and the tracker's again once it is dropped", async () => {
      const { store, source, id } = await setUp();
      const { body } = (await store.outbox.issue(id)).base;
      const found = async (q: string) =>
        (
          await store.board.issues({
            filter: { q },
            sort: { key: "updated", reverse: false },
            limit: 9,
            cursor: null,
            me: {},
          })
        ).total;
      const { operation } = await store.outbox.edit(id, [{ field: "body", from: body, to: "My walrus, see #2" }], by);
      assert.equal((await store.board.detail(id)).body, "My walrus, see #2");
      // None of these changes the description.
      await store.comments.replace(
        id,
        [{ id: "c1", authorId: null, body: "A comment", createdAt: 1, updatedAt: 1 }],
        {},
        clock.now(),
      );
      assert.deepEqual([await found("walrus"), await found("comment")], [1, 1]);
      await store.mirror.applyPage(
        source,
        makePage([makeIssue(1, { title: "Renamed" })], { requestedAt: clock.now() }),
      );
      assert.equal((await store.board.detail(id)).body, "My walrus, see #2");
      await store.sources.reconcile([makeSource("acme/shop", { refPrefix: "mart" })]);
      assert.deepEqual([await found("walrus"), (await store.board.detail(id)).ref], [1, "mart#1"]);
      await store.outbox.drop(operation ?? 0);
      assert.equal((await store.board.detail(id)).body, body);
      assert.equal(await found("walrus"), 0);
    });

    it("folds unsent edits of one field, and removes a fold back to the original", async () => {
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

    it("folds labels relative to the tracker's labels", async () => {
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

    it("keeps an edit over pulled values, and shows other pulled fields", async () => {
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

    it("makes the answer the base, and marks the history entry as written", async () => {
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

    it("ignores an answer to a write that was requested before the present base", async () => {
      const { store, source, id } = await setUp();
      const { operation } = await store.outbox.edit(id, [title("Issue 1", "Better")], by);
      assert.ok(operation);
      const requestedAt = clock.now() + 1_000;
      const later = makeIssue(1, { title: "Best", updatedAt: 9_000 });
      await store.mirror.applyPage(source, makePage([later], { requestedAt }));
      const answer = { issue: makeIssue(1, { title: "Better" }), seen: {}, requestedAt: requestedAt - 1 };
      await store.outbox.sending.settle(operation, { state: "written", answer });
      assert.equal((await cardOf(store, "shop#1")).title, "Best");
    });

    it("shows the former value after a refused edit and keeps the edit for the user", async () => {
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

    it("keeps both values of a conflict, and sends the rest", async () => {
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

    it("resolves a conflict even if its issue was deleted meanwhile: kept changes are sent, and refused there", async () => {
      for (const choice of ["mine", "theirs"] as const) {
        const { store, source, id } = await setUp();
        const { operation } = await store.outbox.edit(id, [title("Issue 1", "Mine")], by);
        assert.ok(operation);
        const [theirs, conflicts] = ["Theirs", [{ field: "title", theirs: "Theirs" }]];
        await store.mirror.applyPage(source, makePage([makeIssue(1, { title: theirs })], { requestedAt: 20_000 }));
        const fields = [title("Issue 1", "Mine")];
        await store.outbox.sending.settle(operation, { state: "conflict", fields, conflicts });
        await store.mirror.applyPage(source, makePage([], { removed: ["n1"], requestedAt: 30_000 }));
        await store.outbox.resolve(operation, { title: choice });
        assert.equal((await store.outbox.get(operation)).state, choice === "mine" ? "queued" : "dropped");
        assert.deepEqual(await store.check(), []);
      }
    });

    it("reports on retry that the issue was deleted meanwhile, and keeps the operation until it is dropped", async () => {
      const { store, source, id } = await setUp();
      const { operation } = await store.outbox.edit(id, [title("Issue 1", "Mine")], by);
      assert.ok(operation);
      const reason = { code: "forbidden", message: "You may not.", hint: "Ask for the right." };
      await store.outbox.sending.settle(operation, { state: "refused", reason });
      await store.mirror.applyPage(source, makePage([], { removed: ["n1"], requestedAt: 30_000 }));
      await assert.rejects(store.outbox.retry(operation), {
        code: "gone",
        message: `shop#1 is no longer in the mirror, so outbox entry ${operation} cannot be sent.`,
        hint: new RegExp(`kept here until you drop it: pan outbox drop ${operation}\\.$`),
      });
      const kept = await store.outbox.get(operation);
      assert.deepEqual([kept.state, kept.fields], ["refused", [title("Issue 1", "Mine")]]);
      await store.outbox.drop(operation);
      assert.deepEqual(await store.outbox.list(), []);
    });

    it("shows comments before they are written, and edits them while they wait", async () => {
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

    it("keeps moves of a shadowed project local, and shows the tracker's status", async () => {
      const { store, source, id } = await setUp({ shadow: true });
      const { operation } = await store.outbox.edit(
        id,
        [
          { field: "status", from: "backlog", to: "in_progress" },
          { field: "state", from: "open", to: "closed" },
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
      // A move without any other change.
      await store.outbox.edit(id, [{ field: "status", from: "in_progress", to: "in_review" }], by);
      assert.equal((await cardOf(store, "shop#1")).status, "in_review");
      assert.deepEqual(await store.check(), []);
    });

    it("does not let what waits for the user keep later changes of its issue waiting", async () => {
      for (const state of ["refused", "conflict"] as const) {
        const { store, id } = await setUp();
        const { operation } = await store.outbox.edit(id, [title("Issue 1", "Mine")], by);
        const conflicts = [{ field: "title", theirs: "Theirs" }] as const;
        const reason = { code: "forbidden", message: "Not yours.", hint: null } as const;
        await store.outbox.sending.settle(
          operation ?? 0,
          state === "refused" ? { state, reason } : { state, conflicts },
        );
        const { operation: later } = await store.outbox.edit(id, close, by);
        const upcoming = await store.outbox.sending.upcoming("github", 10);
        assert.deepEqual(
          upcoming.map((one) => one.id),
          [later],
        );
      }
    });

    it("tells the log whenever a card's change waits for another time", async () => {
      const { store, id } = await setUp();
      const { sending } = store.outbox;
      await store.outbox.edit(id, [title("Issue 1", "Mine")], by);
      const waitsUntil = async () => (await cardOf(store, "shop#1")).sync.waitsUntil;
      const told = async (write: () => Promise<Change>) => {
        const before = await store.changes.sequence();
        const { refs } = await write();
        assert.deepEqual(await store.changes.since(before), { sequence: before + refs.length, refs });
        return refs;
      };
      const lost = { code: "unreachable", message: "No network.", hint: null } as const;
      assert.deepEqual(await told(() => sending.hold("github", clock.now() + 60_000, lost)), ["shop#1"]);
      assert.equal(await waitsUntil(), clock.now() + 60_000);
      assert.deepEqual(await told(() => sending.clockSetBack("github", 1_000)), ["shop#1"]);
      assert.equal(await waitsUntil(), clock.now() + 59_000);
      assert.deepEqual(await told(() => sending.hasten("github")), ["shop#1"]);
      assert.equal(await waitsUntil(), null);
      assert.deepEqual(await told(() => sending.hasten("github")), []);
      assert.deepEqual(await told(() => sending.clockSetBack("github", 1_000)), []);
    });

    it("returns the first open operation of each issue, in order, once it is due", async () => {
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
