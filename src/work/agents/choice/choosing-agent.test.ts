import assert from "node:assert/strict";
import { test } from "node:test";
import { type AgentBench, makeAgentBench } from "../../../../test/support/agent-bench.ts";
import { after, before } from "../../../../test/support/hooks.ts";
import { eventually } from "../../../../test/support/stage.ts";

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

/** Asks like Claude Code whether to trust a folder: by arrow keys and Enter. What it is told to ask next, it asks at the first arrow key. */
const lister = `
process.stdin.setRawMode(true);
const [, next] = /^next: (.+)$/m.exec(process.argv.at(-1)) ?? [];
let question = "Do you trust this folder?";
let marked = 0;
const ask = () => process.stdout.write("\\x1b[2J\\x1b[H" + question + "\\r\\n" + ["No, exit", "Yes, I trust it", "Yes, and the others"]
  .map((label, at) => (at === marked ? " ❯ " : "   ") + label).join("\\r\\n") + "\\r\\n\\r\\n Enter to confirm");
ask();
process.stdout.write("\\x1b]9;May I?\\x07");
process.stdin.on("data", (bytes) => {
  for (const [key] of bytes.toString().matchAll(/\\x1b\\[.|[^]/g)) {
    if (key === "\\r") return process.stdout.write("\\x1b[2J\\x1b[Htook " + marked + "\\r\\n" + "working ".repeat(60) + "\\r\\n");
    if (next) question = next;
    else marked = (marked + (key === "\\x1b[B" ? 1 : 2)) % 3;
    setTimeout(ask, 100);
  }
});
`;

/** Ignores Enter until it has drawn what was pasted, which takes it a moment, and for 40 ms takes it for a line break then: Gemini on a busy machine. */
const lazy = `
process.stdin.setRawMode(true);
let drawn = "";
let at = 0;
process.stdout.write("\\x1b[?2004hready> ");
process.stdin.on("data", (bytes) => {
  const [, text] = /\\x1b\\[200~([^]*)\\x1b\\[201~/.exec(bytes.toString()) ?? [];
  if (text) setTimeout(() => { process.stdout.write(drawn = text); at = performance.now(); }, 400);
  if (!bytes.toString().endsWith("\\r") || drawn === "") return;
  process.stdout.write((performance.now() - at < 40 ? " went on after " : " took ") + JSON.stringify(drawn));
});
`;

let bench: AgentBench;
/** Waits until an agent's options are read. */
const asks = (id: number, count: number) =>
  eventually(async () => {
    const agent = await bench.agents.get(id);
    return agent.choices?.length === count ? agent : undefined;
  }, "its options are read");
before(async () => {
  const profile = (program: string) => {
    const command = [process.execPath, "-e", program, "--"];
    return { command, plan: [], resume: null, env: [], setEnv: {}, silenceMs: null };
  };
  bench = await makeAgentBench({ chooser: profile(chooser), lister: profile(lister), lazy: profile(lazy) });
});
after(() => bench.close());

test("an agent that asks to choose gets the key of an answer, and never a text with an Enter", limit, async () => {
  const { id } = await bench.begin(1, [], { name: "chooser" });
  await bench.until(id, "waiting");
  const { choices, since } = await asks(id, 3);
  assert.deepEqual(choices?.[2], { answer: "3", label: "No" });

  await assert.rejects(bench.agents.message(id, "No, do not do that"), {
    code: "conflict",
    candidates: ["1. Yes", "2. Yes, always", "3. No"],
  });
  assert.match((await bench.agentParts.tmux.capture((await bench.agents.get(id)).session)) ?? "", /1\. Yes/);
  for (const meant of [
    { label: "No, stop", since },
    { label: "No", since: since - 1 },
  ]) {
    await assert.rejects(bench.agents.message(id, "3", meant), { code: "conflict" }, "an answer to something else");
  }
  await bench.agents.message(id, "3", { label: "No", since });
  await bench.untilScreen(id, /took 3/);
  // Later than its question.
  await assert.rejects(bench.agents.message(id, "3", { label: "No", since }), { code: "conflict" });
  assert.doesNotMatch(await bench.agents.screen(id), /3$/);
  await bench.agents.stop(id);
});

test("an option without a number is taken with arrow keys", limit, async () => {
  const { id } = await bench.begin(2, [], { name: "lister" });
  const { choices } = await asks(id, 3);
  assert.deepEqual(
    choices?.map(({ label }) => label),
    ["No, exit", "Yes, I trust it", "Yes, and the others"],
  );
  await bench.agents.message(id, "yes");
  await bench.untilScreen(id, /took 1/);
  await bench.agents.stop(id);
});

test("an option is not taken once its question has changed", limit, async () => {
  const { id } = await bench.begin(3, ["next: Shall it delete this folder?"], { name: "lister" });
  await asks(id, 3);
  await assert.rejects(bench.agents.message(id, "2"), { code: "conflict", message: /changed/ });
  assert.match(await bench.agents.screen(id), /delete this folder.*❯ No, exit/s);
  assert.equal((await bench.agents.get(id)).state, "waiting");
  await bench.agents.stop(id);
});

test("a message is entered once its program shows it", limit, async () => {
  const { id } = await bench.begin(4, [], { name: "lazy" });
  await bench.untilScreen(id, /ready>/);
  await bench.agents.message(id, "Keep the old name.\nPlease.");
  await bench.untilScreen(id, /took "Keep the old name.\\nPlease."/);
  await bench.agents.stop(id);
});
