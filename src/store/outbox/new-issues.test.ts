import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { blankDraft } from "../../../test/support/blank-draft.ts";
import { onEachDatabase } from "../../../test/support/each-database.ts";
import { makeAgent, makeIssue, makePage, makeWorkspace } from "../../../test/support/store-fixtures.ts";
import { isPanopticonError } from "../../domain/error.ts";
import type { NativeIssue } from "../../domain/issue.ts";
import { by, cardOf, setTwoIssues, title } from "../../../test/support/outbox-stage.ts";

const draft = { ...blankDraft, title: "A new one", body: "Text" };

describe("new issues in the outbox", () => {
  onEachDatabase(({ open, clock }) => {
    const setUp = async (part?: Parameters<typeof setTwoIssues>[1]) => setTwoIssues(await open(), part);

    it("shows a new issue on the board under a local ref that stays valid", async () => {
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
      // The pull arrives before the answer.
      await store.mirror.applyPage(1, makePage([named], { requestedAt: 30_000 }));
      // And another change to the pulled issue comes even before that.
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

    it("sends a creation that was put off, however many changes wait for the new issue", async () => {
      const { store, source } = await setUp();
      const made = await store.outbox.create(source, draft, by);
      const create = await store.outbox.get(made.operation ?? 0);
      await store.outbox.sending.begin(create, { steps: [], lookAt: null });
      const reason = { code: "unreachable", message: "It answers 500.", hint: null };
      await store.outbox.sending.postpone(create.id, { state: "waiting", nextAttemptAt: 1, reason });
      const { base } = await store.outbox.issue(made.issueId);
      const others = Array.from({ length: 25 }, (_, index) => makeIssue(index + 1));
      await store.mirror.applyPage(source, makePage(others));
      for (const { key } of others) {
        const { id } = await cardOf(store, `shop${key}`);
        await store.outbox.edit(id, [{ field: "parent", from: null, to: base.nativeId }], by);
      }
      const upcoming = await store.outbox.sending.upcoming("github", 10);
      assert.deepEqual(
        upcoming.map((operation) => operation.id),
        [create.id],
      );
    });

    it("keeps a state chosen during a create without one, and forgets an undone one", async () => {
      const { store } = await setUp();
      const { operation, issueId } = await store.outbox.create(1, draft, by);
      await store.outbox.sending.begin(await store.outbox.get(operation ?? 0), { steps: [], lookAt: null });
      const guess = (await store.outbox.issue(issueId)).shown.stateId;
      const away = { field: "state", from: guess, to: "closed" } as const;
      const back = { field: "state", from: "closed", to: guess } as const;
      const edits = async () =>
        (await store.outbox.list()).flatMap(({ kind, fields }) => (kind === "edit" ? fields : []));
      await store.outbox.edit(issueId, [away], by);
      const [entry] = await store.undo.last(by.session);
      const undoes = { entry: entry?.id ?? 0, operation: entry?.operation ?? null };
      await store.outbox.edit(issueId, [back], { ...by, undoes });
      assert.deepEqual(await edits(), []);
      await store.outbox.edit(issueId, [away], by);
      await store.outbox.edit(issueId, [back], by);
      assert.deepEqual(await edits(), [{ field: "state", from: guess, to: guess }]);
    });

    describe("recognises a pulled issue by the mark of the create that made it", () => {
      const account = { id: "p-ann", login: "Ann", name: "Ann Ames" };
      /** Creates an issue and starts sending it. */
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

      it("before it is shown twice, and continues the create at once", async () => {
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

      it("while its answer is in flight: the newer version wins, and it is not created again", async () => {
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

      it("choosing the older of two twins, and never another person's copy", async () => {
        const { store, issueId, made, pull } = await send();
        await pull({ ...made, nativeId: "n7", key: "#7", authorId: "p-ben" }, makeIssue(8, { madeBy: "another" }));
        assert.equal((await cardOf(store, "new-1")).id, issueId);
        await pull(makeIssue(11, { ...made, nativeId: "n11", key: "#11", createdAt: made.createdAt + 1 }), made);
        assert.equal((await cardOf(store, "shop#9")).id, issueId);
        assert.notEqual((await cardOf(store, "shop#11")).id, issueId);
        assert.deepEqual(await store.check(), []);
      });

      it("even if the create was refused although it succeeded", async () => {
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

    it("keeps changes written to a pulled issue while its create was still looked for", async () => {
      const { store } = await setUp();
      const made = await store.outbox.create(1, draft, by);
      const named = makeIssue(9, { title: draft.title, body: draft.body });
      await store.mirror.applyPage(1, makePage([named], { requestedAt: clock.now() }));
      const pulled = await cardOf(store, "shop#9");
      // Requested now, and answered after another change has been written.
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

    it("keeps a pulled issue's history, place and local status when it turns out to be a new one", async () => {
      const { store, source, id } = await setUp({ shadow: true });
      const made = await store.outbox.create(source, draft, by);
      assert.ok(made.operation !== null);
      const named = makeIssue(9, { title: draft.title, body: draft.body });
      await store.mirror.applyPage(source, makePage([named], { requestedAt: clock.now() }));
      const pulled = await cardOf(store, "shop#9");
      await store.ranks.place(pulled.id, { after: id }, by, null);
      await store.outbox.edit(pulled.id, [{ field: "status", from: "backlog", to: "in_progress" }], by);
      await clock.advance(100);
      const renamed = { ...named, title: "Renamed there" };
      await store.mirror.applyPage(source, makePage([renamed], { requestedAt: clock.now() }));
      const linesOf = async (issueId: number) =>
        (await store.history.list({ limit: 20, issueId })).map(({ field, to }) => [field, to]);
      const told = await linesOf(pulled.id);
      assert.deepEqual(told, [
        ["title", "Renamed there"],
        ["status", "in_progress"],
      ]);

      await clock.advance(100);
      await store.outbox.sending.named(made.operation, { issue: renamed, seen: {}, requestedAt: clock.now() }, []);
      const card = await cardOf(store, "shop#9");
      assert.deepEqual([card.id, card.status], [made.issueId, "in_progress"]);
      assert.deepEqual(await linesOf(made.issueId), [...told, ["created", null]]);
      const { issues } = await store.board.issues({
        filter: {},
        sort: { key: "manual", reverse: false },
        limit: 10,
        cursor: null,
        me: {},
      });
      const order = issues.map((issue) => issue.id);
      assert.equal(order.indexOf(card.id), order.indexOf(id) + 1, "below the one it was put below");
      assert.deepEqual(await store.check(), []);
    });

    it("keeps links to the pulled copy of a new issue, once each, and undo for them", async () => {
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
      // The moved link counts as created in either direction.
      await store.links.add(other.id, "relates", made.issueId, by);
      await store.links.add(made.issueId, "relates", other.id, by);
      assert.equal((await typesOf()).length, 1);
      assert.deepEqual(await store.check(), []);
    });

    it("keeps the workspaces, agents and claim of a new issue and of its pulled copy", async () => {
      const { store } = await setUp();
      const { workspaces, agents, claims } = store.work;
      const made = await store.outbox.create(1, draft, by);
      const named = makeIssue(9, { title: draft.title, body: draft.body });
      await store.mirror.applyPage(1, makePage([named], { requestedAt: clock.now() }));
      const pulled = await cardOf(store, "shop#9");
      const work: { readonly workspace: number; readonly agent: number }[] = [];
      for (const [index, issueId] of [made.issueId, pulled.id].entries()) {
        const workspace = await workspaces.add(makeWorkspace(issueId, { at: 5_000 + index }));
        const agent = await agents.add(makeAgent(issueId, workspace.id));
        assert.ok(await claims.take({ issueId, project: "shop", claimedAt: 4_000 + index }));
        await claims.update(issueId, { agentId: agent.agent.id });
        work.push({ workspace: workspace.id, agent: agent.agent.id });
      }
      assert.ok(made.operation !== null);
      await store.outbox.sending.named(made.operation, { issue: named, seen: {}, requestedAt: clock.now() }, []);
      const [own = assert.fail(), brought = assert.fail()] = work;
      for (const { workspace, agent } of [own, brought]) {
        assert.deepEqual((await workspaces.update(workspace, { state: "ready" })).refs, ["shop#9"]);
        assert.ok(await agents.update(agent, { state: "running" }));
        assert.equal((await agents.find(agent))?.issue.issueId, made.issueId);
      }
      assert.deepEqual(
        (await workspaces.list()).map(({ id, state, issue }) => [id, state, issue.issueId]),
        [brought, own].map(({ workspace }) => [workspace, "ready", made.issueId]),
      );
      const newest = await cardOf(store, "shop#9");
      assert.deepEqual([newest.workspace?.id, newest.agent?.id], [brought.workspace, brought.agent]);
      assert.equal((await workspaces.findOfIssue(made.issueId))?.id, brought.workspace);
      assert.deepEqual(
        (await claims.list()).map(({ issueId, agentId }) => [issueId, agentId]),
        [[made.issueId, own.agent]],
      );
      await workspaces.remove(brought.workspace);
      await workspaces.update(own.workspace, { notes: [] });
      assert.equal((await cardOf(store, "shop#9")).workspace?.id, own.workspace);
      assert.deepEqual(await store.check(), []);
    });

    it("keeps the order of changes to a new issue and to its pulled copy", async () => {
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

    it("never sends a change that refers to a dropped new issue, however often it is retried", async () => {
      const { store, id } = await setUp();
      const made = await store.outbox.create(1, draft, by);
      const { base } = await store.outbox.issue(made.issueId);
      const target = { nativeId: base.nativeId, key: base.key, sourceKey: "acme/shop" };
      const relation = { type: "blocks", target, id: null } as const;
      const related = await store.outbox.relate(id, { kind: "relate", relation }, by);
      assert.ok(made.operation !== null && related.operation !== null);
      await store.outbox.drop(made.operation);
      await assert.rejects(store.outbox.retry(related.operation), (error) => {
        assert.ok(isPanopticonError(error));
        assert.equal(error.code, "conflict");
        assert.match(error.message, /new-1, which it refers to, was never created/);
        return true;
      });
      assert.equal((await store.outbox.get(related.operation)).state, "refused");
      await store.outbox.drop(related.operation);
      assert.deepEqual(await store.outbox.list(), []);
    });

    it("removes a dropped unsent issue with all its pending changes", async () => {
      const { store } = await setUp();
      const made = await store.outbox.create(1, draft, by);
      await store.outbox.comment(made.issueId, { kind: "comment", body: "Hello" }, by);
      assert.ok(made.operation);
      await store.outbox.drop(made.operation, "undone");
      assert.deepEqual(await store.outbox.list(), []);
      assert.equal(await store.board.total(), 2);
      assert.deepEqual(await store.check(), []);
    });
  });
});
