import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addSources, onEachDatabase } from "../../../test/support/each-database.ts";
import { makeAgent, makeIssue, makePage, makeSource, makeWorkspace } from "../../../test/support/store-fixtures.ts";
import type { Store } from "../store.ts";

async function openShop(open: () => Promise<Store>) {
  const store = await open();
  const [shop = 0] = await addSources(store, makeSource("acme/shop"));
  await store.mirror.applyPage(shop, makePage([makeIssue(1), makeIssue(2)]));
  const idOf = async (number: number) => {
    const [found] = await store.board.find({
      tracker: "github",
      key: `#${number}`,
      prefix: null,
      sourceKey: null,
      host: null,
    });
    return found?.id ?? 0;
  };
  return { store, shop, idOf, one: await idOf(1), two: await idOf(2) };
}

describe("work records", () => {
  onEachDatabase(({ kind, open, createPlace }) => {
    it("stores a workspace, updates its card and shows it there", async () => {
      const { store, one, two } = await openShop(open);
      const { workspaces } = store.work;
      const { id, change } = await workspaces.add(makeWorkspace(one));
      assert.deepEqual(change.refs, ["shop#1"]);
      await assert.rejects(workspaces.add(makeWorkspace(one, { path: "/other" })), { code: "conflict" });
      await assert.rejects(workspaces.add(makeWorkspace(two, { path: `/spaces/${one}` })), { code: "conflict" });
      const request = { url: "https://git.test/1", name: "#9", number: 9, state: "open", commit: null } as const;
      assert.deepEqual((await workspaces.update(id, { state: "ready", step: null, baseCommit: "abc", request })).refs, [
        "shop#1",
      ]);
      const kept = await workspaces.find(id);
      const { at, issueId, ...made } = makeWorkspace(one);
      assert.deepEqual(kept, {
        ...made,
        id,
        issue: { issueId, ref: "shop#1", title: "Issue 1", tracker: "github" },
        state: "ready",
        step: null,
        baseCommit: "abc",
        createdAt: at,
        request,
      });
      assert.deepEqual(await workspaces.findOfIssue(one), kept);
      assert.deepEqual(await workspaces.list(), [kept]);
      const card = await store.board.detail(one);
      assert.deepEqual(card.workspace, { id, branch: made.branch, path: made.path });
      assert.equal((await store.board.detail(two)).workspace, null);
      assert.deepEqual((await workspaces.remove(id)).refs, ["shop#1"]);
      assert.equal(await workspaces.findOfIssue(one), null);
      await assert.rejects(workspaces.update(id, {}), { code: "not_found" });
    });

    it("keeps work whose issue is gone, and finds the issue again when it comes back", async () => {
      const { store, shop, idOf, one } = await openShop(open);
      const { id } = await store.work.workspaces.add(makeWorkspace(one));
      await store.mirror.remove(shop, ["n1"], "outside");
      assert.deepEqual((await store.work.workspaces.find(id))?.issue, {
        issueId: null,
        ref: "shop#1",
        title: "Issue 1",
        tracker: "github",
      });
      // As after a start, with nothing to update.
      assert.deepEqual((await store.work.workspaces.update(id, {})).refs, []);
      await store.mirror.applyPage(
        shop,
        makePage([makeIssue(1, { key: "#11", title: "Again" })], { requestedAt: 99e12 }),
      );
      const back = await idOf(11);
      assert.notEqual(back, one);
      assert.deepEqual((await store.work.workspaces.find(id))?.issue, {
        issueId: back,
        ref: "shop#11",
        title: "Again",
        tracker: "github",
      });
      assert.equal((await store.work.workspaces.findOfIssue(back))?.id, id);
      await store.work.workspaces.update(id, {});
      assert.equal((await store.board.detail(back)).workspace?.id, id);
    });

    it("allows one living agent per workspace", async () => {
      const { store, one } = await openShop(open);
      const { agents, workspaces } = store.work;
      const { id: workspaceId } = await workspaces.add(makeWorkspace(one));
      const { agent, change } = await agents.add(makeAgent(one, workspaceId));
      assert.deepEqual(change.refs, ["shop#1"]);
      assert.deepEqual([agent.state, agent.since, agent.turn], ["starting", 6_000, 1]);
      await assert.rejects(agents.add(makeAgent(one, workspaceId)), { code: "conflict" });
      assert.equal(await agents.update(agent.id, { state: "running" }, { states: ["waiting"] }), null);
      assert.equal(await agents.update(agent.id, { state: "running" }, { states: ["starting"], since: 5_999 }), null);
      assert.deepEqual(
        (await agents.update(agent.id, { state: "waiting", since: 7_000 }, { states: ["starting"], since: 6_000 }))
          ?.refs,
        ["shop#1"],
      );
      assert.deepEqual((await store.board.detail(one)).agent, {
        id: agent.id,
        name: "claude",
        state: "waiting",
        since: 7_000,
      });
      await agents.update(agent.id, { state: "finished", endedAt: 8_000, exitCode: 0, lastLine: "done" });
      const second = await agents.add(makeAgent(one, workspaceId));
      assert.deepEqual(
        (await agents.list()).map(({ id, state }) => [id, state]),
        [
          [second.agent.id, "starting"],
          [agent.id, "finished"],
        ],
      );
      assert.equal((await agents.findOfIssue(one))?.id, second.agent.id);
      await workspaces.remove(workspaceId);
      assert.equal((await agents.find(agent.id))?.workspaceId, null);
    });

    it("starts no agent in a workspace being removed, and removes no workspace with a living agent", async () => {
      const { store, one } = await openShop(open);
      const { workspaces, agents } = store.work;
      const { id } = await workspaces.add(makeWorkspace(one, { state: "ready", step: null }));
      const { agent } = await agents.add(makeAgent(one, id));
      await assert.rejects(workspaces.beginRemoval(id), { code: "conflict", message: /claude is working in it/ });
      assert.equal((await workspaces.find(id))?.state, "ready");
      await agents.update(agent.id, { state: "stopped" });
      await workspaces.beginRemoval(id);
      assert.equal((await workspaces.find(id))?.state, "removing");
      await assert.rejects(agents.add(makeAgent(one, id)), { code: "busy" });
      await assert.rejects(agents.update(agent.id, { state: "starting" }), { code: "busy" });
      await workspaces.remove(id);
      await assert.rejects(agents.add(makeAgent(one, id)), { code: "busy" });
      await assert.rejects(agents.update(agent.id, { state: "starting" }), { code: "busy" });
      assert.equal((await agents.find(agent.id))?.state, "stopped");
    });

    it("gives a claim to only one of two servers on one database", async () => {
      const place = await createPlace();
      const one = await open(place);
      const [shop = 0] = await addSources(one, makeSource("acme/shop"));
      await one.mirror.applyPage(shop, makePage([makeIssue(1)]));
      const [found] = await one.board.find({ tracker: "github", key: "#1", prefix: null, sourceKey: null, host: null });
      const two = await open(place);
      const claim = { issueId: found?.id ?? 0, project: "shop", claimedAt: 1 };
      for (let round = 0; round < 5; round += 1) {
        const takes = [one, two, one, two].map(
          ({ work }) =>
            () =>
              work.claims.take(claim),
        );
        const taken: boolean[] = [];
        // SQLite blocks this process while it waits for another one's lock, so here the two take turns.
        if (kind === "PostgreSQL") taken.push(...(await Promise.all(takes.map((take) => take()))));
        else for (const take of takes) taken.push(await take());
        assert.equal(taken.filter(Boolean).length, 1);
        assert.deepEqual(await one.work.claims.list(), await two.work.claims.list());
        await (round % 2 === 0 ? one : two).work.claims.release(claim.issueId);
      }
    });

    it("gives a claim only once", async () => {
      const { store, one } = await openShop(open);
      const { claims } = store.work;
      const claim = { issueId: one, project: "shop", claimedAt: 1 };
      assert.deepEqual(await Promise.all([claims.take(claim), claims.take(claim)]), [true, false]);
      await claims.update(one, { turns: 2, nextAt: 9, agentId: 4 });
      assert.deepEqual(await claims.list(), [
        { ...claim, ref: "shop#1", agentId: 4, turns: 2, failures: 0, nextAt: 9, ended: null },
      ]);
      await claims.release(one);
      assert.deepEqual(await claims.list(), []);
      assert.deepEqual(await store.check(), []);
    });
  });
});
