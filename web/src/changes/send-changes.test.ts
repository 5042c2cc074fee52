import assert from "node:assert/strict";
import { test } from "node:test";
import type { IssuePatch } from "../../../src/server/contract/change.ts";
import type { IssueShape } from "../../../src/server/contract/issue.ts";
import { ApiError } from "../api/client.ts";
import { inventedIssue } from "../board/data/invented-board.ts";
import { createChangeStore } from "./change-store.ts";
import type { ChangeGroup, Edit } from "./change-group.ts";
import type { SendingParts } from "./changes.ts";
import { createChanges } from "./send-changes.ts";

function setUp(parts: Partial<SendingParts> = {}) {
  const store = createChangeStore(() => 1);
  const groups: ChangeGroup[] = [];
  const failures: { what: string; edit: Edit | undefined; error: ApiError }[] = [];
  const paints: (() => void)[] = [];
  const changes = createChanges({
    store,
    edit: async (address, patch) => answerTo(address, patch),
    editAll: async (addresses, patch) =>
      addresses.map((address) => ({ ref: address, issue: answerTo(address, patch), problem: null })),
    undo: async () => [],
    unsent: { keep: () => undefined, forget: () => undefined },
    onUndoFailure: (group, error) => failures.push({ what: group.what, edit: undefined, error }),
    afterPaint: (work) => paints.push(work),
    untilReachable: async () => undefined,
    choose: async () => null,
    onGroup: (group) => groups.push(group),
    onWaiting: () => undefined,
    onFailure: (group, edit, error) => failures.push({ what: group.what, edit, error }),
    ...parts,
  });
  const settle = async () => {
    for (let round = 0; round < 20; round += 1) {
      for (const paint of paints.splice(0)) paint();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { store, groups, failures, paints, changes, settle };
}

let operations = 0;
function answerTo(ref: string, patch: IssuePatch): IssueShape {
  operations += 1;
  return inventedIssue(ref, {
    ...(patch.title !== undefined && { title: patch.title }),
    sync: { state: "pending", reason: null, operation: operations, waitsUntil: null },
  });
}

function titled(ref: string, title: string): Edit {
  return { issue: inventedIssue(ref), patch: { title }, shown: { title } };
}

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
