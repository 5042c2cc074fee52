import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../api/client.ts";
import { inventedIssue } from "../board/data/invented-board.ts";
import { answerTo, setUp, titled } from "./sending-stage.ts";

test("undoes an unsent change without a request, a sent one through the outbox", async () => {
  const undone: string[] = [];
  const sent: string[] = [];
  const { store, changes, settle, groups } = setUp({
    edit: async (address, patch) => {
      sent.push(address);
      return answerTo(address, patch);
    },
    undo: async (step) => {
      undone.push(step);
      return [];
    },
  });
  changes.make([titled("A-1", "New")], "A-1 renamed");
  assert.equal(changes.undo()?.what, "A-1 renamed");
  assert.deepEqual(store.get(), []);
  await settle();
  assert.deepEqual(sent, []);

  changes.make([titled("A-1", "New")], "A-1 renamed");
  await settle();
  const { step } = groups.at(-1) ?? {};
  changes.undo();
  assert.equal(store.get().at(-1)?.shown.title, "Title of A-1");
  await settle();
  assert.deepEqual(undone, [step]);
  assert.equal(changes.undo(), undefined);
});

test("undoing a change in flight waits for its answer", async () => {
  let answerNow: () => void = () => undefined;
  const undone: string[] = [];
  const { changes, settle, groups } = setUp({
    edit: async (address, patch) => {
      await new Promise<void>((resolve) => {
        answerNow = resolve;
      });
      return answerTo(address, patch);
    },
    undo: async (step) => {
      undone.push(step);
      return [];
    },
  });
  changes.make([titled("A-1", "New")], "");
  await settle();
  changes.undo();
  await settle();
  assert.deepEqual(undone, []);
  answerNow();
  await settle();
  assert.deepEqual(undone, [groups[0]?.step]);
});

test("a change undone while the server was unreachable is not sent, or undone on the server if it had arrived", async () => {
  for (const hasArrived of [true, false]) {
    let isBack: () => void = () => undefined;
    let attempts = 0;
    const undone: string[] = [];
    const { store, changes, settle, failures, groups } = setUp({
      edit: async (address, patch) => {
        attempts += 1;
        if (attempts === 1) throw new ApiError("server_unreachable", 0, "silent");
        return answerTo(address, patch);
      },
      undo: async (step) => {
        undone.push(step);
        if (!hasArrived) throw new ApiError("not_found", 404, "Nothing was changed.");
        return [];
      },
      untilReachable: () =>
        new Promise((resolve) => {
          isBack = resolve;
        }),
    });
    changes.make([titled("A-1", "New")], "A-1 renamed");
    await settle();
    assert.equal(changes.undo()?.what, "A-1 renamed");
    // A read may bring the new title until the server has undone it.
    assert.deepEqual(
      store.get().map(({ shown, answeredAt }) => [shown.title, answeredAt]),
      [["Title of A-1", null]],
    );
    isBack();
    await settle();
    assert.equal(attempts, 1);
    assert.deepEqual(undone, [groups[0]?.step]);
    assert.deepEqual(
      [store.get().map(({ answeredAt }) => answeredAt !== null), failures],
      [hasArrived ? [true] : [], []],
    );
  }
});

test("a change undone in flight and then rejected undoes nothing else", async () => {
  let refuse: () => void = () => undefined;
  const undone: string[] = [];
  const { store, changes, settle } = setUp({
    edit: (_, patch) =>
      new Promise((_resolve, reject) => {
        refuse = () => reject(new ApiError("invalid_input", 400, `No ${patch.title}`));
      }),
    undo: async (step) => {
      undone.push(step);
      return [];
    },
  });
  changes.make([titled("A-1", "New")], "A-1 renamed");
  await settle();
  changes.undo();
  refuse();
  await settle();
  assert.deepEqual([undone, store.get()], [[], []]);
});

test("does not ask for the transition of a move that was undone meanwhile", async () => {
  let answerNow: () => void = () => undefined;
  let asked = 0;
  const { store, changes, settle } = setUp({
    edit: async () => {
      await new Promise<void>((resolve) => {
        answerNow = resolve;
      });
      const choice = { id: "5", name: "Resolve", state: "Done", fields: [], reversible: true };
      throw new ApiError("choice_needed", 409, "Which way?", { choices: [choice] });
    },
    choose: async () => {
      asked += 1;
      return null;
    },
  });
  changes.make([{ issue: inventedIssue("A-1"), patch: { status: "done" }, shown: { status: "done" } }], "A-1 moved");
  await settle();
  changes.undo();
  answerNow();
  await settle();
  assert.deepEqual([asked, store.get()], [0, []]);
});

test("retries an undo whose answer was lost, with the same idempotency key", async () => {
  const keys: string[] = [];
  const { changes, settle } = setUp({
    undo: async (_, key) => {
      keys.push(key);
      if (keys.length < 3) throw new ApiError("server_unreachable", 0, "silent");
      return [];
    },
  });
  changes.make([titled("A-1", "New")], "A-1 renamed");
  await settle();
  changes.undo();
  await settle();
  assert.equal(keys.length, 3);
  assert.equal(new Set(keys).size, 1);
});

test("an undo refused because the change is being sent can be retried; reports why parts stay changed", async () => {
  let answers = [new ApiError("busy", 503, "Being sent."), new ApiError("conflict", 409, "Changed since.")];
  const { changes, settle, failures, store } = setUp({
    undo: async () => {
      const [answer] = answers;
      answers = answers.slice(1);
      if (answer !== undefined) throw answer;
      return [];
    },
  });
  changes.make([titled("A-1", "Before")], "A-1 renamed");
  changes.make([titled("A-2", "New")], "A-2 renamed");
  await settle();
  assert.equal(changes.undo()?.what, "A-2 renamed");
  await settle();
  assert.equal(changes.undo()?.what, "A-2 renamed");
  await settle();
  assert.equal(changes.undo()?.what, "A-1 renamed");
  assert.deepEqual(
    failures.map(({ what, error }) => `${what}: ${error.message}`),
    ["A-2 renamed: Being sent.", "A-2 renamed: Changed since."],
  );
  assert.equal(store.get().filter(({ shown }) => shown.title === "Title of A-2").length, 0);
});

test("undoes the last hundred changes of a page, and does not keep earlier ones", async () => {
  const { changes, settle } = setUp();
  for (let number = 1; number <= 130; number += 1) changes.make([titled(`A-${number}`, "New")], `A-${number} renamed`);
  await settle();
  changes.make([titled("A-131", "New")], "A-131 renamed");
  await settle();
  const undone = [];
  for (let group = changes.undo(); group !== undefined; group = changes.undo()) undone.push(group.what);
  assert.deepEqual([undone.length, undone[0], undone.at(-1)], [101, "A-131 renamed", "A-31 renamed"]);
});
