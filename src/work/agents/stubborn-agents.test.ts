import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { after, before } from "../../../test/support/hooks.ts";
import type { Agent } from "../../domain/agent.ts";
import { type AgentBench, makeAgentBench, scripted } from "../../../test/support/agent-bench.ts";
import { eventually } from "../../../test/support/stage.ts";
import { agentFolder } from "./agent-files.ts";

// Agents that do not exit when told to, and their processes.

const limit = { timeout: 120_000 };

/** Writes its pid to a file of that name, and ignores all signals. */
const stay = (name: string) =>
  `trap "" HUP TERM INT; echo $$ > "$PANOPTICON_AGENT_DIR/$1.tmp"; mv "$PANOPTICON_AGENT_DIR/$1.tmp" "$PANOPTICON_AGENT_DIR/$1.pid"; while :; do sleep 0.1; done' sh ${name}`;

let bench: AgentBench;
before(async () => {
  bench = await makeAgentBench({
    stubborn: {
      ...scripted,
      command: [
        "sh",
        "-c",
        `sh -c '${stay("beside")} & setsid sh -c '${stay("apart")} & (setsid sh -c '${stay("orphaned")} &); exec sh -c '${stay("itself")}`,
      ],
    },
    leaving: {
      ...scripted,
      command: [
        "sh",
        "-c",
        `setsid sh -c '${stay("left")} & until test -e "$PANOPTICON_AGENT_DIR/left.pid"; do sleep 0.1; done`,
      ],
    },
    looking: { ...scripted, command: ["sh", "-c", "echo started; cat"] },
  });
});
after(() => bench.close());

/** A zombie has ended, but its parent has not read its exit. */
function isAlive(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && !/^\d+ \(.*\) Z/s.test(readFileSync(file, "utf8"));
}

async function untilThere({ id }: Agent, count: number): Promise<readonly number[]> {
  const folder = agentFolder(bench.home, id);
  const files = () => readdirSync(folder).filter((name) => name.endsWith(".pid"));
  await eventually(() => (files().length === count ? true : undefined), "all are there", { describe: files });
  return files().map((name) => Number(readFileSync(join(folder, name), "utf8")));
}

test("a stopped agent and all its processes are gone before the next one starts there", limit, async () => {
  const agent = await bench.begin(1, [], { name: "stubborn" });
  const pids = await untilThere(agent, 4);
  assert.deepEqual(pids.map(isAlive), [true, true, true, true]);
  const stopped = bench.agents.stop(agent.id);
  await bench.until(agent.id, "stopped");
  assert.ok(pids.some(isAlive));
  const next = await bench.begin(1, [], { name: "looking" });
  assert.deepEqual(pids.map(isAlive), [false, false, false, false]);
  await stopped;
  await bench.agents.stop(next.id);
});

/** As the kernel does when memory runs out. */
function killTmux({ session }: Agent): void {
  const { tmux } = bench.agentParts;
  const [program = "", ...line] = tmux.attachCommand(session);
  const base = line.slice(0, line.indexOf("attach-session"));
  process.kill(
    Number(execFileSync(program, [...base, "display-message", "-p", "#{pid}"], { env: tmux.env })),
    "SIGKILL",
  );
}

for (const when of ["while the server runs", "while it does not"]) {
  test(
    `what outlives tmux itself is gone before the next one starts there: tmux is killed ${when}`,
    limit,
    async () => {
      const issue = when === "while the server runs" ? 3 : 4;
      const agent = await bench.begin(issue, [], { name: "stubborn" });
      const pids = await untilThere(agent, 4);
      if (issue === 4) await bench.agents.stopWatching();
      killTmux(agent);
      if (issue === 4) await bench.restart();
      await bench.until(agent.id, "lost");
      const next = await bench.begin(issue, [], { name: "looking" });
      assert.deepEqual(pids.map(isAlive), [false, false, false, false]);
      await bench.agents.stop(next.id);
    },
  );
}

test("processes left behind by an agent that ended by itself continue", limit, async () => {
  const agent = await bench.begin(2, [], { name: "leaving" });
  const [pid = 0] = await untilThere(agent, 1);
  await bench.until(agent.id, "finished");
  await eventually(
    async () => ((await bench.agentParts.tmux.list()).length === 0 ? true : undefined),
    "its session is gone",
  );
  assert.ok(isAlive(pid));
  process.kill(pid, "SIGKILL");
});
