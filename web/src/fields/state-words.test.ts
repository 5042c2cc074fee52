import assert from "node:assert/strict";
import { test } from "node:test";
import { stateWords } from "./state-words.ts";

test("a state that makes the status stands alone, another one with the label that does, which stands alone where the state stays", () => {
  const states = [
    { status: "backlog", state: "Open", label: null },
    { status: "planning", state: "Open", label: "to be planned" },
    { status: "done", state: "Closed as completed", label: null },
    { status: "canceled", state: null, label: null },
  ] as const;
  assert.equal(stateWords(states, "backlog", "Open"), "Open");
  assert.equal(stateWords(states, "planning", "Open"), "label to be planned");
  assert.equal(stateWords(states, "planning", "Closed as completed"), "Open, label to be planned");
  assert.equal(stateWords(states, "done"), "Closed as completed");
  assert.equal(stateWords(states, "canceled"), null);
  assert.equal(stateWords([], "done"), null);
});
