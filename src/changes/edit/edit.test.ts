import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { IssuePatch } from "../changes.ts";
import { openChangesStage, you } from "../../../test/support/changes-stage.ts";

describe("a patch", () => {
  it("queues nothing if all values are already set", async () => {
    const stage = await openChangesStage({
      alpha: { labelIds: ["l-bug", "l-urgent"], assigneeIds: ["p-ann"], cycleId: "c-1", dueDate: "2026-01-02" },
    });
    try {
      const patch: IssuePatch = {
        title: "Issue 1",
        body: "",
        status: "backlog",
        priority: 1,
        addLabels: ["bug"],
        removeLabels: ["planning"],
        addAssignees: ["ann"],
        removeAssignees: ["ben"],
        cycle: "Sprint 1",
        dueDate: "2026-01-02",
        estimate: null,
        parent: null,
        type: "issue",
      };
      await stage.changes.edit(await stage.id("app#1"), patch, you);
      assert.deepEqual(await stage.store.outbox.list(), []);
      assert.deepEqual(stage.changed, []);
    } finally {
      await stage.close();
    }
  });

  it("requires the permission to write, if it is known", async () => {
    const stage = await openChangesStage({ form: { writable: { allowed: false, reason: "the token only reads." } } });
    try {
      await assert.rejects(stage.changes.edit(await stage.id("app#1"), { title: "New" }, you), {
        code: "forbidden",
        message: "acme/app is read-only: the token only reads.",
      });
      await stage.changes.edit(await stage.id("app#1"), { parent: "MIN-1" }, you);
    } finally {
      await stage.close();
    }
  });

  it("takes one assignee where the source allows one, although its tracker allows several", async () => {
    const stage = await openChangesStage({ form: { oneAssignee: "More need a paid plan." } });
    try {
      const id = await stage.id("app#1");
      const refusal = {
        code: "unsupported",
        message: "An issue in acme/app can have only one assignee.",
        hint: "More need a paid plan. Choose one of them.",
      };
      await assert.rejects(stage.changes.edit(id, { addAssignees: ["ann", "ben"] }, you), refusal);
      await assert.rejects(
        stage.changes.create({ source: "acme/app", title: "x", assignees: ["ann", "ben"] }, you),
        refusal,
      );
      await stage.changes.edit(id, { addAssignees: ["ann"] }, you);
      await stage.changes.edit(id, { addAssignees: ["ben"] }, you);
      assert.deepEqual(
        (await stage.store.board.detail(id)).assignees.map(({ name }) => name),
        ["Ben Bell"],
      );
      assert.equal((await stage.changes.form("alpha:acme/app")).assignees, "one");
      assert.equal((await stage.changes.form("beta:MIN")).assignees, "one");
    } finally {
      await stage.close();
    }
  });

  it("refuses more assignees than the tracker allows, counting those who stay", async () => {
    const stage = await openChangesStage({ alpha: { assigneeIds: ["p-ben", "p-x", "p-y"] } });
    try {
      const id = await stage.id("app#1");
      await assert.rejects(stage.changes.edit(id, { addAssignees: ["ann"] }, you), {
        code: "invalid_input",
        message: "An issue in Alpha can have at most 3 assignees.",
        hint: "With these it would have 4. Leave some out, or unassign someone.",
        field: "addAssignees",
      });
      await stage.changes.edit(id, { addAssignees: ["ann"], removeAssignees: ["ben"] }, you);
      const { assignees } = await stage.store.board.detail(id);
      assert.deepEqual(assignees.map((person) => person.id).toSorted(), ["p-ann", "p-x", "p-y"]);
    } finally {
      await stage.close();
    }
  });

  it("keeps the status of a shadowed project local", async () => {
    const shadow = { shadow: true };
    const readOnly = { writable: { allowed: false, reason: null } };
    const stage = await openChangesStage({ source: shadow, form: readOnly });
    try {
      await stage.changes.edit(await stage.id("app#1"), { status: "in review" }, you);
      const { fields, state } = await stage.operation("app#1");
      assert.deepEqual(fields, [{ field: "status", from: "backlog", to: "in_review" }]);
      assert.equal(state, "written");
      assert.equal((await stage.store.board.detail(await stage.id("app#1"))).status, "in_review");
      await stage.changes.edit(await stage.id("app#1"), { status: "in review" }, you);
      assert.equal(stage.changed.length, 1);
    } finally {
      await stage.close();
    }
  });

  it("does not ask the workflow about a local move of a shadowed project", async () => {
    const stage = await openChangesStage({ beta: { shadow: true } });
    try {
      const id = await stage.id("MIN-1");
      const moves = await stage.changes.moves(id);
      assert.deepEqual(
        moves.filter(({ allowed }) => allowed === true).map(({ status }) => status),
        ["backlog", "in_progress", "done", "canceled"],
      );
      await stage.changes.edit(id, { status: "in progress", title: "Renamed" }, you);
      assert.deepEqual(stage.asked.states, []);
      const { fields } = await stage.operation("MIN-1");
      assert.deepEqual(fields, [{ field: "title", from: "Issue 1", to: "Renamed" }]);
      assert.equal((await stage.store.board.detail(id)).status, "in_progress");
    } finally {
      await stage.close();
    }
  });

  it("creates an issue of a shadowed project in its tracker's default state, with a local status", async () => {
    const stage = await openChangesStage({ source: { shadow: true } });
    try {
      const draft = { source: "alpha:acme/app", title: "New", status: "in review", labels: ["bug"] };
      const { ref, issueId } = await stage.changes.create(draft, you);
      const create = (await stage.store.outbox.listOf(issueId)).find(({ kind }) => kind === "create");
      assert.deepEqual(
        [create?.payload.draft?.stateId, create?.payload.draft?.labels.map(({ name }) => name)],
        [null, ["Bug"]],
      );
      assert.equal((await stage.store.board.detail(await stage.id(ref))).status, "in_review");
    } finally {
      await stage.close();
    }
  });

  it("handles the edits of two browsers one after the other", async () => {
    const stage = await openChangesStage();
    try {
      const id = await stage.id("app#1");
      const other = { ...you, session: "browser 2" };
      await Promise.all([
        stage.changes.edit(id, { status: "planning" }, you),
        stage.changes.edit(id, { status: "in progress" }, other),
        stage.changes.edit(id, { title: "Mine" }, you),
        stage.changes.edit(id, { dueDate: "2026-11-22" }, other),
      ]);
      const { shown, status } = await stage.store.outbox.issue(id);
      assert.equal(status, "in_progress");
      assert.deepEqual(shown.labelIds, ["l-progress"]);
      assert.deepEqual([shown.title, shown.dueDate], ["Mine", "2026-11-22"]);
      const history = await stage.store.history.list({ issueId: id, limit: 10 });
      assert.deepEqual(
        history.filter(({ field }) => field === "status").map(({ from, to, state }) => [from, to, state]),
        [
          ["planning", "in_progress", "pending"],
          ["backlog", "planning", "merged"],
        ],
      );
    } finally {
      await stage.close();
    }
  });

  it("changes many issues, and reports why some could not be changed", async () => {
    const stage = await openChangesStage();
    try {
      const results = await stage.changes.bulk(["app#1", "app#99", "MIN-1", "app#1"], { priority: 1 }, you);
      assert.deepEqual(
        results.map(({ ref, error }) => [ref, error?.code ?? null]),
        [
          ["app#1", null],
          ["app#99", "not_found"],
          ["MIN-1", "unsupported"],
        ],
      );
      await assert.rejects(stage.changes.bulk(["app#1"], { nothing: 1 } as IssuePatch, you), { code: "invalid_input" });
    } finally {
      await stage.close();
    }
  });
});
