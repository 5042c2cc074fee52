import assert from "node:assert/strict";
import { appendFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type AgentBench, makeAgentBench } from "../../../test/support/agent-bench.ts";
import { after, before } from "../../../test/support/hooks.ts";
import { eventually } from "../../../test/support/stage.ts";
import { agentFolder } from "./agent-files.ts";

const limit = { timeout: 120_000 };

let bench: AgentBench;
before(async () => {
  bench = await makeAgentBench();
});
after(() => bench.close());

test("a rotated log is read and followed without a gap, and dropped output is reported", limit, async () => {
  const agent = await bench.begin(30, ["say Before", "read", "say Grüße", "read", "say After", "exit 0"]);
  // The screen may show it before the log contains it.
  await eventually(() => (readFrom(agent.id, 0).text.includes("Before") ? true : undefined), "the log has begun");
  const log = join(agentFolder(bench.home, agent.id), "output.log");
  const seen = bench.agents.log(agent.id, 0);
  const begins = (name: string) => eventually(() => (existsSync(name) ? true : undefined), `${name} is there`);

  appendFileSync(log, "unread");
  appendFileSync(log, Buffer.alloc(32 * 1024 * 1024, "."));
  await begins(`${log}.0`);
  await bench.agents.message(agent.id, "go on");
  await bench.untilScreen(agent.id, /Grüße/);
  assert.match(readFrom(agent.id, 0).text, /Before[^]*unread[^]*Grüße/);
  assert.match(readFrom(agent.id, seen.end).text, /^unread[^]*Grüße/);

  const { end } = readFrom(agent.id, 0);
  const cut = Buffer.from("ü");
  appendFileSync(log, cut.subarray(0, 1));
  assert.deepEqual(readFrom(agent.id, end), { text: "", start: end, end });
  appendFileSync(log, cut.subarray(1));
  assert.equal(readFrom(agent.id, end).text, "ü");

  appendFileSync(log, Buffer.alloc(32 * 1024 * 1024, "."));
  await eventually(() => (existsSync(`${log}.0`) ? undefined : true), "the first one goes");
  await bench.agents.message(agent.id, "go on");
  await bench.until(agent.id, "finished");
  const { text, start } = readFrom(agent.id, 0);
  assert.match(text, /Grüße[^]*After/);
  assert.doesNotMatch(text, /Before|unread/);
  assert.ok(start > 32 * 1024 * 1024, String(start));
  assert.match(readFrom(agent.id, end).text, /^ü[^]*After/);
  assert.match(readFrom(agent.id, -40).text, /After/);
});

/** All output of an agent from an offset on, without the dots. */
function readFrom(id: number, from: number) {
  const first = bench.agents.log(id, from);
  const parts = [first.text];
  let { end } = first;
  for (;;) {
    const next = bench.agents.log(id, end);
    if (next.end === end) break;
    parts.push(next.text);
    ({ end } = next);
  }
  return { text: Buffer.concat(parts).toString().replaceAll(".", ""), start: first.start, end };
}
