import assert from "node:assert/strict";
import { test } from "node:test";
import type { AgentShape } from "../../../src/server/contract/work.ts";
import { countWords, elapsedWords, groupAgents } from "./agent-words.ts";

const agent = (id: string, state: AgentShape["state"], since: string) => ({ id, state, since }) as AgentShape;

const agents = [
  agent("1", "stopped", "2026-01-01T10:00:00Z"),
  agent("2", "running", "2026-01-01T10:00:00Z"),
  agent("3", "waiting", "2026-01-01T10:05:00Z"),
  agent("4", "waiting", "2026-01-01T10:01:00Z"),
  agent("5", "lost", "2026-01-01T10:00:00Z"),
];

test("sorts agents by need, the one that has waited longest first", () => {
  assert.deepEqual(
    groupAgents(agents).map((group) => [group.name, group.agents.map(({ id }) => id).join(" ")]),
    [
      ["Waiting for input", "4 3"],
      ["Running", "2"],
      ["Failed", "5"],
      ["Stopped", "1"],
    ],
  );
});

test("formats counts and elapsed times", () => {
  assert.equal(countWords(agents, agents.length), "2 waiting · 1 running · 2 ended");
  assert.equal(countWords(agents, 305), "2 waiting · 1 running · 302 ended");
  assert.equal(countWords([], 0), "");
  const now = Date.parse("2026-01-01T12:04:10Z");
  assert.equal(elapsedWords({ startedAt: "2026-01-01T10:00:00Z", endedAt: null }, now), "2:04:10");
  assert.equal(elapsedWords({ startedAt: "2026-01-01T10:00:00Z", endedAt: "2026-01-01T10:03:09Z" }, now), "3:09");
});
