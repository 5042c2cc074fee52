import assert from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { type AgentBench, makeAgentBench } from "../../../test/support/agent-bench.ts";
import { after, before } from "../../../test/support/hooks.ts";
import { eventually } from "../../../test/support/stage.ts";
import { agentFolder } from "./agent-files.ts";

const limit = { timeout: 120_000 };
let bench: AgentBench;
let db: DatabaseSync;
before(async () => {
  bench = await makeAgentBench();
  db = new DatabaseSync(join(bench.home, "panopticon.db"), { timeout: 10_000 });
});
after(async () => {
  db.close();
  await bench.close();
});

/** Makes the database refuse all changes of agents, like a full disk; returns the function that ends this. */
function fill(): () => void {
  db.exec("create trigger full before update on agent begin select raise(abort, 'database or disk is full'); end");
  return () => db.exec("drop trigger full");
}

const untilRefused = () =>
  new Promise<void>((resolve) => {
    process.on("warning", function listen({ message }) {
      if (!/disk is full/.test(message)) return;
      process.off("warning", listen);
      resolve();
    });
  });

test("how an agent ended and its signals are recorded once there is space again", limit, async () => {
  const ends = await bench.begin(1, ["read", "exit 3"]);
  const says = await bench.begin(2, ["read", "done", "read"]);
  await bench.untilScreen(ends.id, /\S/);
  const empty = fill();
  for (const { session } of [ends, says]) await bench.agentParts.tmux.say(session, "go on");
  const exit = join(agentFolder(bench.home, ends.id), "exit");
  await eventually(() => (existsSync(exit) ? true : undefined), "its process has ended");
  await untilRefused();
  assert.equal((await bench.agents.get(ends.id)).state, "running");
  empty();
  assert.equal((await bench.until(ends.id, "failed")).exitCode, 3);
  await bench.until(says.id, "finished");
  await bench.agents.stop(says.id);
});

test("a terminal whose content cannot be saved does not keep an agent alive", limit, async () => {
  const agent = await bench.begin(3, ["read", "exit 0"]);
  mkdirSync(join(agentFolder(bench.home, agent.id), "screen"));
  await bench.agents.message(agent.id, "go on");
  await bench.until(agent.id, "finished");
  assert.deepEqual(
    (await bench.agentParts.tmux.list()).filter(({ name }) => name === agent.session),
    [],
  );
});
