import assert from "node:assert/strict";
import { test } from "node:test";
import { actorKind } from "./actor-kind.ts";

test("an agent's name follows its kind, and an unknown actor is a person in a tracker", () => {
  assert.equal(actorKind("agent claude"), "agent");
  assert.equal(actorKind("you"), "you");
  assert.equal(actorKind("api backup tool"), "cli");
  assert.equal(actorKind("Dana Ruiz"), "tracker");
});
