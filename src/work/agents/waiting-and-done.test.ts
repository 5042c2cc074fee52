import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type AgentBench, makeAgentBench, scripted } from "../../../test/support/agent-bench.ts";
import { after, before } from "../../../test/support/hooks.ts";
import { eventually } from "../../../test/support/stage.ts";
import { agentFolder } from "./agent-files.ts";
import type { Agent } from "../../domain/agent.ts";

// How it is detected that an agent waits or is done, and which sign takes precedence.

const limit = { timeout: 120_000 };

let bench: AgentBench;
before(async () => {
  bench = await makeAgentBench({
    talker: {
      ...scripted,
      command: [
        "sh",
        "-c",
        'pan agent signal waiting --message "Which one?"; sleep 1.5; for n in $(seq 40); do echo "Thinking of it, $n"; done; read line; printf "\\033]9;Look here\\a"; sleep 60',
      ],
    },
    stayer: { ...scripted, command: ["sh", "-c", "pan agent signal done; pan agent signal waiting; sleep 60"] },
    goner: { ...scripted, command: ["sh", "-c", "pan agent signal done; exit 3"] },
    quiet: { ...scripted, command: ["sh", "-c", "echo thinking; sleep 60"], silenceMs: 1_000 },
  });
});
after(() => bench.close());

test("waiting is detected by a bell, by silence, and by the agent's signal", limit, async () => {
  const bell = await bench.begin(5, ["say Hm", "bell Which one?", "exit 0"]);
  assert.equal((await bench.until(bell.id, "waiting")).reason, null);
  await eventually(
    async () => ((await bench.agents.get(bell.id)).lastLine === "Which one?" ? true : undefined),
    "its question is its last line",
  );
  await bench.agents.message(bell.id, "this");
  await bench.until(bell.id, "finished");

  const quiet = await bench.begin(6, [], { name: "quiet" });
  assert.equal((await bench.until(quiet.id, "waiting")).reason, "silent for 1 s");
  await bench.agents.stop(quiet.id);

  const asking = await bench.begin(7, ["sleep 300", "ask Ready?", "read"]);
  const { since } = await bench.until(asking.id, "waiting");
  const signals = readFileSync(join(agentFolder(bench.home, asking.id), "signals"), "utf8");
  const { at } = JSON.parse(signals.split("\n")[0] ?? "") as { at: number };
  assert.equal(since, at);
  await bench.agents.stop(asking.id);
});

test("the agent's signal takes precedence over its output, and done over the end of its turn", limit, async () => {
  const linesOf = (id: number, name: string) => {
    const file = join(agentFolder(bench.home, id), name);
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  };
  const talker = await bench.begin(34, [], { name: "talker" });
  assert.equal((await bench.until(talker.id, "waiting")).reason, "Which one?");
  const keepsWaiting = async (sign: string) => {
    await eventually(() => (linesOf(talker.id, "output.log").includes(sign) ? true : undefined), `it writes ${sign}`);
    for (let time = 0; time < 2; time += 1) await bench.agents.look();
    const { state, reason } = await bench.agents.get(talker.id);
    assert.deepEqual([state, reason], ["waiting", "Which one?"]);
  };
  await keepsWaiting("of it, 40");
  await bench.agentParts.tmux.say(talker.session, "go");
  await keepsWaiting("Look here\u0007");
  await bench.agents.stop(talker.id);

  const stayer = await bench.begin(35, [], { name: "stayer" });
  await eventually(() => (linesOf(stayer.id, "signals").includes("waiting") ? true : undefined), "its turn ends");
  for (let time = 0; time < 2; time += 1) await bench.agents.look();
  assert.equal((await bench.agents.get(stayer.id)).state, "finished");
  await bench.agents.stop(stayer.id);

  const goner = await bench.begin(37, [], { name: "goner" });
  await eventually(
    async () => ((await bench.agents.get(goner.id)).exitCode === 3 ? true : undefined),
    "its exit is written down",
  );
  assert.equal((await bench.agents.get(goner.id)).state, "finished");
});

test(
  "an agent that is done before tmux confirms the typed answer stays done, also after a restart",
  limit,
  async () => {
    const { tmux } = bench.agentParts;
    const { say } = tmux;
    const signalsOf = (id: number) => readFileSync(join(agentFolder(bench.home, id), "signals"), "utf8");
    for (const [number, restarts] of [
      [31, false],
      [32, true],
    ] as const) {
      const agent = await bench.begin(number, ["ask Now?", "done"]);
      await bench.until(agent.id, "waiting");
      tmux.say = async (name, text) => {
        await say(name, text);
        await eventually(() => (/"done"/.test(signalsOf(agent.id)) ? true : undefined), "it says that it is done");
        // The server reads it, or dies before.
        if (!restarts) await bench.until(agent.id, "finished");
      };
      if (restarts) await bench.agents.stopWatching();
      await bench.agents.message(agent.id, "yes");
      tmux.say = say;
      if (restarts) await bench.restart();
      await bench.until(agent.id, "finished");
      await bench.agents.stop(agent.id);
    }
  },
);

test("its last line is that of its end, even while its session is still closing", limit, async () => {
  const { tmux } = bench.agentParts;
  const { close } = tmux;
  const agent = await bench.begin(33, ["ask Now?", "say Over", "exit 0"]);
  await bench.until(agent.id, "waiting");
  await eventually(
    async () => ((await bench.agents.get(agent.id)).lastLine?.includes("Now?") ? true : undefined),
    "the question is seen",
  );
  let ended: Agent | undefined;
  tmux.close = async (name) => {
    if (name === agent.session) ended = await bench.agents.get(agent.id);
    await close(name);
  };
  await bench.agents.message(agent.id, "yes");
  await eventually(() => ended, "its session is ended");
  tmux.close = close;
  assert.deepEqual([ended?.state, ended?.lastLine], ["finished", "Over"]);
});

test("a finished agent that keeps running can receive messages", limit, async () => {
  const agent = await bench.begin(8, ["cost 0.25", "done"]);
  const done = await bench.until(agent.id, "finished");
  assert.equal(done.cost, 0.25);
  await bench.agents.message(agent.id, "one more thing");
  await bench.untilScreen(agent.id, /Heard: one more thing/);
  await bench.until(agent.id, "finished");
  // A new start in its workspace ends it first.
  const next = await bench.begin(8, ["exit 0"]);
  await bench.until(next.id, "finished");
  await eventually(
    async () => ((await bench.agentParts.tmux.list()).length === 0 ? true : undefined),
    "both sessions are gone",
  );
});
