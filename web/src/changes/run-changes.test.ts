import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../api/client.ts";
import { inventedIssue } from "../board/data/invented-board.ts";
import { answerTo, setUp, titled } from "./sending-stage.ts";

test("an action that takes several calls is one step, undone by one name", async () => {
  const steps = new Set<string>();
  const undone: string[] = [];
  const { changes, settle } = setUp({
    edit: async (address, patch, step) => {
      steps.add(step);
      return answerTo(address, patch);
    },
    undo: async (step) => {
      undone.push(step);
      return [];
    },
  });
  changes.make([titled("A-1", "One"), titled("A-2", "Two")], "2 renamed");
  await settle();
  changes.undo();
  await settle();
  assert.deepEqual(undone, [...steps]);
});

test("a change made through `run` can be undone before it is answered", async () => {
  let answerNow: () => void = () => undefined;
  const order: string[] = [];
  const { changes, settle, groups } = setUp({
    undo: async (step) => {
      order.push(`undo ${step}`);
      return [];
    },
  });
  changes.make([titled("A-1", "New")], "A-1 renamed");
  await settle();
  const commented = changes.run("A-1: commented", inventedIssue("A-1"), async (step) => {
    await new Promise<void>((resolve) => {
      answerNow = resolve;
    });
    order.push(`sent ${step}`);
  });
  await settle();
  const { step } = groups.at(-1) ?? {};
  assert.equal(changes.undo()?.what, "A-1: commented");
  answerNow();
  await commented;
  await settle();
  assert.deepEqual(order, [`sent ${step}`, `undo ${step}`]);
});

test("a change made through `run` is sent again until the server answers, and counts as unsent until then", async () => {
  const calls: boolean[] = [];
  const states: string[] = [];
  const { changes, settle, groups } = setUp({
    untilReachable: async () => {
      states.push(`${groups.at(-1)?.state}, ${changes.hasUnsent()}`);
    },
  });
  await changes.run("A-1: commented", inventedIssue("A-1"), async (_, isRepeated) => {
    calls.push(isRepeated);
    if (calls.length < 3) throw new ApiError("server_unreachable", 0, "silent");
  });
  await settle();
  assert.deepEqual(calls, [false, true, true]);
  assert.deepEqual(states, ["unreachable, true", "unreachable, true"]);
  assert.deepEqual([groups.at(-1)?.state, changes.hasUnsent()], ["sent", false]);
});

test("changes of one issue made through `run` are sent one at a time, also after an edit; one undone before its turn never is", async () => {
  const answers: (() => void)[] = [];
  const order: string[] = [];
  const asked = (what: string) => {
    order.push(what);
    return new Promise<void>((resolve) => answers.push(resolve));
  };
  const { changes, settle, failures } = setUp({
    edit: async (address, patch) => {
      await asked("edit");
      return answerTo(address, patch);
    },
  });
  const issue = inventedIssue("A-1");
  changes.make([titled("A-1", "New")], "A-1 renamed");
  const one = changes.run("one", issue, () => asked("one"));
  const two = changes.run("two", issue, () => asked("two"));
  assert.equal(changes.undo()?.what, "two");
  assert.equal(await two, false);
  const three = changes.run("three", issue, () => asked("three"));
  const other = changes.run("other", inventedIssue("A-2"), () => asked("other"));
  await settle();
  assert.deepEqual(order, ["edit", "other"]);
  assert.equal(changes.hasUnsent(), true);
  while (answers.length > 0) {
    answers.shift()?.();
    await settle();
  }
  assert.deepEqual(order, ["edit", "other", "one", "three"]);
  assert.deepEqual(await Promise.all([one, three, other]), [true, true, true]);
  assert.deepEqual([changes.hasUnsent(), failures], [false, []]);
});

test("a change that is unanswered for longer than a moment counts as unsent", async () => {
  let now = 0;
  const answer = Promise.withResolvers<void>();
  const { changes, settle } = setUp({ now: () => now });
  const commented = changes.run("A-1: commented", inventedIssue("A-1"), () => answer.promise);
  await settle();
  now = 500;
  assert.equal(changes.hasUnsent(), false);
  now = 1500;
  assert.equal(changes.hasUnsent(), true);
  answer.resolve();
  await commented;
  assert.equal(changes.hasUnsent(), false);
});

test("a change that waits for another one of its issue counts as unsent, whatever was changed since", async () => {
  let answerNow: () => void = () => undefined;
  const { changes, settle } = setUp({
    edit: async (address, patch) => {
      if (address === "A-1")
        await new Promise<void>((resolve) => {
          answerNow = resolve;
        });
      return answerTo(address, patch);
    },
  });
  changes.make([titled("A-1", "One")], "");
  await settle();
  assert.equal(changes.hasUnsent(), false);
  changes.make([titled("A-1", "Two")], "");
  changes.make([titled("A-2", "Other")], "");
  await settle();
  assert.equal(changes.hasUnsent(), true);
  answerNow();
  await settle();
  assert.equal(changes.hasUnsent(), false);
  changes.undo();
  assert.equal(changes.hasUnsent(), true);
  await settle();
  answerNow();
  await settle();
  assert.equal(changes.hasUnsent(), false);
});
