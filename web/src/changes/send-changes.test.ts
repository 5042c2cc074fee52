import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../api/client.ts";
import { inventedIssue } from "../board/data/invented-board.ts";
import type { IssuePatch } from "../../../src/server/contract/change.ts";
import type { Edit } from "./change-group.ts";
import { answerTo, setUp, titled } from "./sending-stage.ts";

test("shows a change before sending it, and sends it once it is painted", async () => {
  const sent: string[] = [];
  const { store, changes, settle, groups } = setUp({
    edit: async (address, patch) => {
      sent.push(address);
      return answerTo(address, patch);
    },
  });
  changes.make([titled("A-1", "New")], "A-1 renamed");
  assert.equal(store.get()[0]?.shown.title, "New");
  assert.deepEqual(sent, []);
  await settle();
  assert.deepEqual(sent, ["A-1"]);
  assert.equal(store.get()[0]?.answeredAt, 1);
  assert.equal(groups.at(-1)?.state, "sent");
  assert.equal(groups.at(-1)?.operations.length, 1);
});

test("sends changes of one issue one at a time, and changes of different issues in parallel", async () => {
  const running = new Map<string, number>();
  let most = 0;
  const order: string[] = [];
  const { changes, settle } = setUp({
    edit: async (address, patch) => {
      running.set(address, (running.get(address) ?? 0) + 1);
      assert.equal(running.get(address), 1);
      most = Math.max(
        most,
        [...running.values()].reduce((sum, count) => sum + count, 0),
      );
      await new Promise((resolve) => setImmediate(resolve));
      running.set(address, 0);
      order.push(`${address} ${patch.title}`);
      return answerTo(address, patch);
    },
  });
  changes.make([titled("A-1", "one")], "");
  changes.make([titled("A-1", "two")], "");
  changes.make([titled("A-2", "one")], "");
  await settle();
  assert.equal(most, 2);
  assert.deepEqual(
    order.filter((entry) => entry.startsWith("A-1")),
    ["A-1 one", "A-1 two"],
  );
});

test("reverts and reports a rejected change; the next change proceeds", async () => {
  const { store, changes, settle, failures } = setUp({
    edit: async (address, patch) => {
      if (patch.title === "bad") throw new ApiError("invalid_input", 400, "No such title");
      return answerTo(address, patch);
    },
  });
  changes.make([titled("A-1", "bad")], "A-1 renamed");
  changes.make([titled("A-1", "good")], "A-1 renamed");
  await settle();
  assert.deepEqual(
    failures.map(({ edit, error }) => [edit?.patch.title, error.message]),
    [["bad", "No such title"]],
  );
  assert.deepEqual(
    store.get().map(({ shown }) => shown.title),
    ["good"],
  );
});

test("retries while the server is unreachable, losing no change made meanwhile", async () => {
  let attempts = 0;
  const { store, changes, settle, groups, failures } = setUp({
    edit: async (address, patch) => {
      attempts += 1;
      if (attempts < 3) throw new ApiError("server_unreachable", 0, "silent");
      return answerTo(address, patch);
    },
  });
  changes.make([titled("A-1", "New")], "");
  await settle();
  assert.equal(attempts, 3);
  assert.ok(groups.some(({ state }) => state === "unreachable"));
  assert.equal(store.get()[0]?.answeredAt, 1);
  assert.deepEqual(failures, []);
});

test("a move with several transitions asks the user, then sends the choice or reverts", async () => {
  const choice = { id: "5", name: "Resolve", state: "Done", fields: [], reversible: true };
  const patches: IssuePatch[] = [];
  let answer: { transition: string; fields: Record<string, unknown> } | null = { transition: "5", fields: { r: "1" } };
  const { store, changes, settle, failures } = setUp({
    edit: async (address, patch) => {
      patches.push(patch);
      if (patch.transition === undefined) {
        throw new ApiError("choice_needed", 409, "Which way?", { choices: [choice] });
      }
      return answerTo(address, patch);
    },
    choose: async () => answer,
  });
  const move: Edit = { issue: inventedIssue("A-1"), patch: { status: "done" }, shown: { status: "done" } };
  changes.make([move], "A-1 moved");
  await settle();
  assert.deepEqual(patches.at(-1), { status: "done", transition: "5", fields: { r: "1" } });
  assert.equal(store.get()[0]?.answeredAt, 1);
  answer = null;
  changes.make([{ ...move, issue: inventedIssue("A-2") }], "A-2 moved");
  await settle();
  assert.equal(store.get().length, 1);
  assert.deepEqual(failures, []);
});

test("sends several issues in one request and reverts only those that fail", async () => {
  const { store, changes, settle, failures, groups } = setUp({
    editAll: async (addresses, patch) =>
      addresses.map((address) =>
        address === "A-2"
          ? { ref: address, issue: null, problem: new ApiError("forbidden", 403, "Not yours") }
          : { ref: address, issue: answerTo(address, patch), problem: null },
      ),
  });
  changes.make([titled("A-1", "x"), titled("A-2", "x"), titled("A-3", "x")], "3 renamed");
  await settle();
  assert.deepEqual(
    store.get().map(({ key }) => key),
    ["one:app A-1", "one:app A-3"],
  );
  assert.deepEqual(
    failures.map(({ edit }) => edit?.issue.ref),
    ["A-2"],
  );
  assert.equal(groups.at(-1)?.operations.length, 2);
});
