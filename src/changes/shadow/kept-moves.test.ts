import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openChangesStage, you } from "../../../test/support/changes-stage.ts";
import type { SourceConfig } from "../../domain/source.ts";

const shadow: Partial<SourceConfig> = { shadow: true };

/** The stage with a move that stayed here: `app#1`, from backlog to in review. */
async function openKept(part: Parameters<typeof openChangesStage>[0] = { source: shadow }) {
  const stage = await openChangesStage(part);
  const id = await stage.id("app#1");
  await stage.changes.edit(id, { status: "in review" }, you);
  const kept = async () => (await stage.changes.keptMoves({})).map(({ card, from, to }) => [card.ref, from, to]);
  const card = async () => {
    const { status, shadow: own } = await stage.store.board.detail(id);
    return [status, own?.trackerStatus ?? null];
  };
  const open = async () => (await stage.store.outbox.list()).map(({ ref, fields }) => ({ ref, fields }));
  return { ...stage, issueId: id, kept, card, open };
}

describe("moves that stay here", () => {
  it("are in the history as kept, not as written, and do not count as settled", async () => {
    const stage = await openKept();
    try {
      const newest = async () => (await stage.store.history.list({ issueId: stage.issueId, limit: 1 }))[0];
      const { field, to, state } = (await newest()) ?? assert.fail();
      assert.deepEqual([field, to, state], ["status", "in_review", "kept"]);
      assert.equal(await stage.store.history.total({ settled: true }), 0);
      await stage.changes.sendKept({}, {}, you);
      assert.equal((await newest())?.state, "pending");
    } finally {
      await stage.close();
    }
  });

  it("are in the history as kept also when they are made along with a change that is sent", async () => {
    const stage = await openChangesStage({ source: shadow });
    try {
      const id = await stage.id("app#1");
      await stage.changes.edit(id, { status: "in review", title: "Reviewed" }, you);
      const lines = async () =>
        (await stage.store.history.list({ issueId: id, limit: 2 })).map(({ field, state }) => `${field} ${state}`);
      assert.deepEqual((await lines()).toSorted(), ["status kept", "title pending"]);
      const [operation] = await stage.store.outbox.list();
      await stage.store.outbox.drop(operation?.id ?? 0);
      assert.deepEqual((await lines()).toSorted(), ["status kept", "title dropped"]);
    } finally {
      await stage.close();
    }
  });

  it("are listed with where they lead and when they were made, the latest first, and not once they lead nowhere", async () => {
    const stage = await openKept();
    try {
      const before = Date.now();
      const id = await stage.id("app#3");
      await stage.changes.edit(id, { status: "planning" }, you);
      const [latest, ...others] = await stage.changes.keptMoves({});
      assert.deepEqual([latest?.card.ref, latest?.from, latest?.to], ["app#3", "backlog", "planning"]);
      assert.ok(latest?.at != null && latest.at >= before);
      assert.equal(others.length, 1);
      await stage.changes.edit(id, { status: "backlog" }, you);
      assert.deepEqual(await stage.kept(), [["app#1", "backlog", "in_review"]]);
      assert.equal((await stage.store.board.detail(id)).shadow, null, "the tracker's status is followed again");
      assert.deepEqual(await stage.changes.keptMoves({ project: "other" }), []);
    } finally {
      await stage.close();
    }
  });

  it("are sent like moves of their own, once, and undone in the tracker", async () => {
    const stage = await openKept();
    try {
      const [settled, ...others] = await stage.changes.sendKept({}, {}, { ...you, change: "sent" });
      assert.deepEqual([settled?.ref, settled?.error, others], ["app#1", null, []]);
      assert.deepEqual(await stage.kept(), []);
      assert.deepEqual(await stage.card(), ["in_review", null]);
      const [sent] = await stage.open();
      assert.deepEqual(
        sent?.fields.find(({ field }) => field === "status"),
        { field: "status", from: "backlog", to: "in_review" },
      );
      assert.ok((sent?.fields.length ?? 0) > 1, "with what makes it so in the tracker");
      assert.deepEqual(await stage.changes.sendKept({}, {}, you), []);

      await stage.changes.undo(you, { change: "sent" });
      assert.deepEqual(await stage.open(), [], "it is not sent");
      assert.deepEqual(await stage.card(), ["in_review", "backlog"]);
      assert.deepEqual(await stage.kept(), [["app#1", "backlog", "in_review"]]);
    } finally {
      await stage.close();
    }
  });

  it("are dropped: the tracker's status is shown and followed again, and undo keeps them again", async () => {
    const stage = await openKept();
    try {
      await stage.changes.dropKept({ refs: ["app#1"] }, { ...you, change: "dropped" });
      assert.deepEqual(await stage.card(), ["backlog", null]);
      assert.deepEqual(await stage.kept(), []);
      assert.deepEqual(await stage.open(), []);
      await stage.changes.undo(you, { change: "dropped" });
      assert.deepEqual(await stage.card(), ["in_review", "backlog"]);
      assert.deepEqual(await stage.kept(), [["app#1", "backlog", "in_review"]]);
      assert.deepEqual(await stage.open(), []);
    } finally {
      await stage.close();
    }
  });

  it("remain in the list when shadow mode is switched off, until they are sent, dropped or moved over", async () => {
    for (const settle of ["send", "drop", "move"] as const) {
      const stage = await openKept();
      try {
        const sources = (await stage.store.sources.list()).map(({ config }) => ({ ...config, shadow: false }));
        await stage.store.sources.reconcile(sources);
        assert.deepEqual(await stage.kept(), [["app#1", "backlog", "in_review"]]);
        assert.deepEqual(await stage.card(), ["backlog", null]);
        if (settle === "send") await stage.changes.sendKept({}, {}, you);
        else if (settle === "drop") await stage.changes.dropKept({}, you);
        else await stage.changes.edit(stage.issueId, { status: "planning" }, you);
        assert.deepEqual(await stage.kept(), []);
        const status = { send: "in_review", drop: "backlog", move: "planning" }[settle];
        assert.deepEqual(await stage.card(), [status, null]);
        assert.equal((await stage.open()).length, settle === "drop" ? 0 : 1);
      } finally {
        await stage.close();
      }
    }
  });

  it("are sent as the workflow allows: a choice is asked for, and the others go", async () => {
    const stage = await openKept({ source: shadow, beta: shadow });
    try {
      await stage.changes.edit(await stage.id("MIN-1"), { status: "in progress" }, you);
      const way = { stateId: "doing", stateName: "Doing", fields: [] };
      Object.assign(stage.asked, {
        choices: [
          { ...way, id: "t1", name: "Start" },
          { ...way, id: "t2", name: "Resume" },
        ],
      });
      const results = await stage.changes.sendKept({}, {}, you);
      assert.deepEqual(
        results.map(({ ref, error }) => [ref, error?.code ?? null]),
        [
          ["MIN-1", "choice_needed"],
          ["app#1", null],
        ],
      );
      assert.deepEqual(await stage.kept(), [["MIN-1", "backlog", "in_progress"]]);
      await stage.changes.sendKept({ refs: ["MIN-1"] }, { transition: "Resume" }, you);
      assert.deepEqual(await stage.kept(), []);
      const sent = (await stage.open()).find(({ ref }) => ref === "MIN-1");
      const status = sent?.fields.find(({ field }) => field === "status");
      assert.deepEqual(status, { field: "status", from: "backlog", to: "in_progress", transition: "t2" });
      await assert.rejects(stage.changes.dropKept({ refs: ["MIN-2"] }, you), { code: "not_found" });
    } finally {
      await stage.close();
    }
  });

  it("stay here if the credentials may not write", async () => {
    const stage = await openKept({ source: shadow, form: { writable: { allowed: false, reason: null } } });
    try {
      const [settled] = await stage.changes.sendKept({}, {}, you);
      assert.equal(settled?.error?.code, "forbidden");
      assert.deepEqual(await stage.kept(), [["app#1", "backlog", "in_review"]]);
    } finally {
      await stage.close();
    }
  });
});
