import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { at, callsOf, read, refused, startChangeHarness } from "../../test/support/change-calls.ts";
import { after, before } from "../../test/support/hooks.ts";
import type { ServerHarness } from "../../test/support/server-harness.ts";
import type { UndoResultShape } from "./contract/change.ts";

let harness: ServerHarness;
before(async () => {
  harness = await startChangeHarness();
});
after(() => harness.close());

const { ask, detail, outbox } = callsOf(() => harness);

describe("undo", () => {
  const browser = async () => {
    const { pathname, search } = new URL(harness.server.address());
    const answer = await harness.send(pathname + search, {
      headers: { "sec-fetch-site": "none", "sec-fetch-mode": "navigate" },
    });
    const [cookie = ""] = (answer.headers["set-cookie"]?.[0] ?? "").split(";");
    return (method: string, path: string, body: unknown = {}) =>
      harness.send(path, {
        method,
        body,
        headers: { cookie, "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" },
      });
  };

  test("applies to the same browser's last change", async () => {
    const [one, two] = [await browser(), await browser()];
    read(await one("PATCH", at("MIN-2"), { title: "One" }));
    read(await two("PATCH", at("MIN-2"), { priority: 2 }));
    const undone = read<UndoResultShape>(await one("POST", "/api/undo"));
    assert.deepEqual([undone.ref, undone.what], ["MIN-2", "restored the title of MIN-2"]);
    const issue = await detail("MIN-2");
    assert.deepEqual([issue.title, issue.priority], ["Issue 2", 2]);
    assert.equal(issue.history[0]?.actor, "you");
    refused(await one("POST", "/api/undo"), 404, "not_found");
    read(await two("POST", "/api/undo"));
  });

  test("applies to exactly the named change, whatever the same browser did since", async () => {
    const ask = await browser();
    const comment = read<{ id: string; change: string }>(
      await ask("POST", `${at("MIN-3")}/comments`, { body: "In one tab" }),
      201,
    );
    const other = read<{ change: string }>(await ask("PATCH", at("app#2"), { title: "In another tab" }));
    const relation = read<{ change: string }>(
      await ask("POST", `${at("MIN-3")}/relations`, { type: "blocks", ref: "app#2" }),
      201,
    );
    read(await ask("POST", "/api/undo", { change: comment.change }));
    assert.deepEqual((await detail("MIN-3")).comments, []);
    const again = refused(await ask("POST", "/api/undo", { change: comment.change }), 404, "not_found");
    assert.equal(again.detail, "This change is already undone.");
    assert.equal((await detail("app#2")).title, "In another tab");
    assert.equal((await detail("MIN-3")).relations.length, 1);
    read(await ask("POST", "/api/undo", { change: relation.change }));
    assert.equal((await detail("MIN-3")).relations.length, 0);
    refused(await (await browser())("POST", "/api/undo", { change: other.change }), 404, "not_found");
    const bulk = read<{ change: string }>(
      await ask("POST", "/api/issues/bulk", { refs: ["app#1", "app#3"], patch: { title: "Same" } }),
    );
    const undone = read<UndoResultShape>(await ask("POST", "/api/undo", { change: bulk.change }));
    assert.deepEqual([undone.what, undone.problems], ["undid the change to 2 issues", []]);
    refused(await ask("POST", "/api/undo", { change: "x", operation: 1 }), 400, "invalid_input");
    read(await ask("POST", "/api/undo", { change: other.change }));
    assert.equal((await detail("app#2")).title, "Issue 2");
  });

  test("undoes together what its caller named as one change", async () => {
    const named = { "x-panopticon-change": "drag-1" };
    read(await ask("PATCH", at("app#1"), { title: "One" }, named));
    const { change } = read<{ change: string }>(await ask("PATCH", at("app#2"), { priority: 2 }, named));
    assert.equal(change, "drag-1");
    const { id } = read<{ id: string }>(await ask("POST", `${at("app#1")}/comments`, { body: "Mine" }), 201);
    assert.equal((await ask("DELETE", `${at("app#1")}/comments/${id}`, undefined, named)).status, 204);
    const { what } = read<UndoResultShape>(await ask("POST", "/api/undo", { change }));
    assert.equal(what, "undid the change to 2 issues");
    assert.deepEqual([(await detail("app#1")).title, (await detail("app#2")).priority], ["Issue 1", 0]);
    assert.deepEqual(
      (await detail("app#1")).comments.map(({ body }) => body),
      ["Mine"],
    );
    refused(await ask("PATCH", at("app#1"), {}, { "x-panopticon-change": "a b" }), 400, "invalid_input");
    read(await ask("POST", "/api/undo"));
  });

  test("restores a comment after its deletion was written, named by its step or its entry, with its old id", async () => {
    const { outbox: operations, comments, board } = harness.store;
    const ref = at("app#1");
    const { issues } = await board.issues({
      filter: {},
      sort: { key: "created", reverse: false },
      limit: 20,
      cursor: null,
      me: {},
    });
    const issueId = issues.find((card) => card.ref === "app#1")?.id ?? 0;
    const own = { id: "c7", authorId: "p-ben", body: "Wise words", createdAt: 1, updatedAt: 1 };
    await comments.replace(issueId, [own], {}, 5);
    const newest = async () => (await outbox()).toSorted((a, b) => b.id - a.id)[0];
    const settle = async (comment: typeof own | null) =>
      operations.sending.settle((await newest())?.id ?? 0, {
        state: "written",
        comment: comment && { comment, seen: {} },
      });
    let id = own.id;
    for (const [next, what] of [
      ["c8", { change: "deletion" }],
      ["c9", { operation: 0 }],
    ] as const) {
      const named = { "x-panopticon-change": "deletion" };
      assert.equal((await ask("DELETE", `${ref}/comments/${id}`, undefined, named)).status, 204);
      const { id: operation = 0 } = (await newest()) ?? {};
      await settle(null);
      const asked = "operation" in what ? { operation } : what;
      const undone = read<UndoResultShape>(await ask("POST", "/api/undo", asked));
      assert.equal(undone.what, "restored the comment on app#1; it is sent again, with a new time and id");
      const entry = await newest();
      assert.deepEqual([entry?.id, entry?.kind, entry?.sentAgain], [undone.operation, "comment", true]);
      const [shown] = (await detail("app#1")).comments;
      assert.deepEqual([shown?.body, shown?.pending, shown?.sentAgain], ["Wise words", true, true]);
      await settle({ ...own, id: next, createdAt: 9 });
      id = shown?.id ?? "";
    }
    const edited = read<{ id: string; sentAgain: boolean }>(
      await ask("PATCH", `${ref}/comments/c7`, { body: "By its first name" }),
    );
    assert.deepEqual([edited.id, edited.sentAgain], ["c9", true]);
    read(await ask("POST", "/api/undo"));
  });

  test("applies to the same program's last change", async () => {
    const [cli, agent] = [{ "x-panopticon-client": "cli" }, { "x-panopticon-client": "agent claude" }];
    read(await ask("PATCH", at("MIN-2"), { title: "By hand" }, cli));
    refused(await ask("POST", "/api/undo", undefined, agent), 404, "not_found");
    read(await ask("PATCH", at("MIN-2"), { title: "By agent" }, agent));
    assert.deepEqual(
      (await detail("MIN-2")).history.slice(0, 2).map(({ actor }) => actor),
      ["agent claude", "cli"],
    );
    read(await ask("POST", "/api/undo", undefined, agent));
    assert.equal((await detail("MIN-2")).title, "By hand");
    const { id = 0 } = (await outbox()).find(({ ref }) => ref === "MIN-2") ?? {};
    read(await ask("POST", "/api/undo", { operation: id }, agent));
    assert.equal((await detail("MIN-2")).title, "Issue 2");
  });
});
