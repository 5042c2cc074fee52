import assert from "node:assert/strict";
import { test } from "node:test";
import { claimWords } from "./claim-words.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const at = (seconds: number) => new Date(now + seconds * 1000).toISOString();
const claim = { agent: null, failures: 0, nextAt: null, ended: false, reason: null };
const finished = { id: "1", name: "claude", state: "finished" as const, since: at(-60) };

test("a claim says when it is tried again, after how many failures, and why", () => {
  const reason = "to be tried again after a failure: exit code 1";
  const words = claimWords({ ...claim, agent: finished, failures: 2, nextAt: at(170), reason }, now);
  assert.equal(words, `failed 2 times in a row; next attempt in 3 min; ${reason}`);
});

test("between two turns it says when the next one begins", () => {
  assert.equal(claimWords({ ...claim, agent: finished, nextAt: at(18) }, now), "next turn in 18 s; finished");
  assert.equal(claimWords({ ...claim, agent: finished, nextAt: at(-1) }, now), "finished");
});

test("one that was given up, or that waits for something else, names no time", () => {
  const reason = "it failed 3 times in a row: exit code 1";
  assert.equal(claimWords({ ...claim, failures: 3, nextAt: at(60), reason }, now), reason);
  assert.equal(claimWords({ ...claim, nextAt: at(60), ended: true, reason: "stopped by web" }, now), "stopped by web");
  assert.equal(claimWords(claim, now), "waiting");
});
