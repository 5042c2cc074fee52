import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type AgentBench, makeAgentBench } from "../../../test/support/agent-bench.ts";
import { eventually } from "../../../test/support/stage.ts";

const limit = { timeout: 60_000 };

/** Asks to choose as Claude Code does: takes single keys, ignores pasted text, and Enter takes what is marked, which is the first. */
const chooser = `
process.stdin.setRawMode(true);
const ask = () => process.stdout.write("\\x1b[2J\\x1b[HDo you want to proceed?\\r\\n❯ 1. Yes\\r\\n  2. Yes, always\\r\\n  3. No\\r\\n\\r\\nEsc to cancel\\x1b]9;May I?\\x07");
process.stdout.write("\\x1b[?2004h");
ask();
process.stdin.on("data", (bytes) => {
  const text = bytes.toString().replace(/\\x1b\\[200~.*?\\x1b\\[201~/gs, "");
  for (const key of text) {
    const took = key === "\\r" ? "1" : /[123]/.test(key) ? key : null;
    if (took !== null) process.stdout.write("\\x1b[2J\\x1b[Htook " + took + "\\r\\n" + "working ".repeat(60) + "\\r\\n");
  }
});
`;

let bench: AgentBench;
before(async () => {
  const command = [process.execPath, "-e", chooser, "--"];
  bench = await makeAgentBench({
    chooser: { command, plan: [], resume: null, env: [], setEnv: {}, silenceMs: null },
  });
});
after(() => bench.close());

test("an agent that asks to choose gets the key of an answer, and never a text with an Enter", limit, async () => {
  const { id } = await bench.begin(1, [], { name: "chooser" });
  await bench.until(id, "waiting");
  const { choices } = await eventually(async () => {
    const agent = await bench.agents.get(id);
    return agent.choices?.length === 3 ? agent : undefined;
  }, "its options are read");
  assert.deepEqual(choices?.[2], { answer: "3", label: "No" });

  await assert.rejects(bench.agents.message(id, "No, do not do that"), {
    code: "conflict",
    candidates: ["1. Yes", "2. Yes, always", "3. No"],
  });
  assert.match((await bench.agentParts.tmux.capture((await bench.agents.get(id)).session)) ?? "", /1\. Yes/);
  await bench.agents.message(id, "no");
  await bench.untilScreen(id, /took 3/);
  await bench.agents.stop(id);
});
