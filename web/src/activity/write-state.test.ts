import assert from "node:assert/strict";
import { test } from "node:test";
import type { OperationShape } from "../../../src/server/contract/change.ts";
import { formatClock } from "../ui/time.ts";
import { writeState } from "./write-state.ts";

const nextAttemptAt = "2026-11-22T14:05:00.000Z";
const said = (state: string, operation?: OperationShape["state"], code: string | null = null) =>
  writeState({ actor: "cli", state }, operation && { state: operation, nextAttemptAt, code }, "Jira")?.words;

test("an unsettled change says where it is", () => {
  assert.equal(said("pending", "sending"), "writing to Jira");
  assert.equal(said("pending", "waiting"), `waits, ${formatClock(nextAttemptAt)}`);
  assert.equal(said("pending", "waiting", "auth"), "waits", "a token does not come back by waiting");
  assert.equal(said("pending", "unknown"), "checking in Jira");
  assert.equal(said("pending", "queued"), "pending");
  assert.equal(said("pending"), "pending");
});

test("a settled change says how it ended; a change made in the tracker says nothing", () => {
  assert.equal(said("written"), "written");
  assert.equal(said("kept"), "kept here");
  assert.equal(said("refused", "refused"), "refused by Jira");
  assert.equal(said("conflict", "conflict"), "conflict");
  assert.equal(writeState({ actor: "tracker", state: "written" }, undefined, "Jira"), null);
});
