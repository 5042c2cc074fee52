import assert from "node:assert/strict";
import { test } from "node:test";
import { stateWords } from "./state-words.ts";

test("a state of its own stands alone, a shared one with the status beside it", () => {
  const states = [
    { status: "backlog", state: "Open" },
    { status: "planning", state: "Open" },
    { status: "done", state: "Closed as completed" },
    { status: "canceled", state: null },
  ] as const;
  assert.equal(stateWords(states, "backlog"), "Open");
  assert.equal(stateWords(states, "planning"), "Open, Planning");
  assert.equal(stateWords(states, "done"), "Closed as completed");
  assert.equal(stateWords(states, "canceled"), null);
  assert.equal(stateWords([], "done"), null);
});

test("a shared state that is called as the status is stands alone", () => {
  const states = [
    { status: "done", state: "Done" },
    { status: "canceled", state: "Done" },
  ] as const;
  assert.equal(stateWords(states, "done"), "Done");
  assert.equal(stateWords(states, "canceled"), "Done, Canceled");
});
