import assert from "node:assert/strict";
import { test } from "node:test";
import { stateWords } from "./state-words.ts";

test("shows a state that determines the status alone, and any other with its label, or only the label if the state stays", () => {
  const states = [
    { status: "backlog", state: "Open", label: null },
    { status: "planning", state: "Open", label: "to be planned" },
    { status: "done", state: "Closed as completed", label: null },
    { status: "canceled", state: null, label: null },
  ] as const;
  const open = { status: "backlog", state: "Open" } as const;
  const closed = { status: "done", state: "Closed as a duplicate" } as const;
  assert.equal(stateWords(states, "backlog", closed), "Open");
  assert.equal(stateWords(states, "planning", open), "label to be planned");
  assert.equal(stateWords(states, "planning", closed), "Open, label to be planned");
  assert.equal(stateWords(states, "done", open), "Closed as completed");
  assert.equal(stateWords(states, "canceled", open), null);
  assert.equal(stateWords([], "done", open), null);
  assert.equal(stateWords(states, "done", closed), "Closed as a duplicate", "of the present status the present state");
});
