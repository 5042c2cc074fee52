import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type AgentBench, makeAgentBench, scripted } from "../../../test/support/agent-bench.ts";
import { after, before } from "../../../test/support/hooks.ts";
import { eventually } from "../../../test/support/stage.ts";

const limit = { timeout: 120_000 };

let bench: AgentBench;
before(async () => {
  bench = await makeAgentBench({
    interrupted: {
      ...scripted,
      command: ["sh", "-c", 'trap "echo caught" INT; echo ready; until read line; do :; done; exit 5'],
    },
    missing: { ...scripted, command: ["no-such-program-here"] },
  });
});
after(() => bench.close());

test("from an issue to finished work", limit, async () => {
  const told: string[] = [];
  const leave = bench.agents.on((agent, state) => told.push(`${agent.issue.ref} ${state}`));
  const started = await bench.begin(1, ["say Working", "ask Go on?", "write a.txt {answer}", "commit Add a", "exit 0"]);
  assert.equal(started.state, "running");
  const waiting = await bench.until(started.id, "waiting");
  assert.equal(waiting.reason, "Go on?");
  await bench.agents.message(started.id, "yes; $(touch hacked)\u001b[201~`id`");
  const done = await bench.until(started.id, "finished");
  assert.equal(done.exitCode, 0);
  assert.equal(done.lastLine, "Committed: Add a");
  const path = await bench.pathOf(done);
  assert.equal(readFileSync(join(path, "a.txt"), "utf8"), "yes; $(touch hacked)`id`\n");
  assert.equal(bench.git(["log", "-1", "--format=%s"], path), "Add a");
  assert.equal(bench.git(["status", "--porcelain"], path), "");
  assert.match(await bench.agents.screen(started.id), /Answered: yes/);
  assert.match(bench.agents.log(started.id, 0).text.toString(), /Answered: yes/);
  assert.deepEqual(await bench.agentParts.tmux.list(), []);
  leave();
  assert.deepEqual(told, ["shop#1 running", "shop#1 waiting", "shop#1 running", "shop#1 finished"]);
});

test("Ctrl-C goes to the agent, whose exit is recorded nevertheless", limit, async () => {
  const agent = await bench.begin(39, [], { name: "interrupted" });
  await bench.untilScreen(agent.id, /ready/);
  const { command, env } = await bench.agents.attachCommand(agent.id);
  const [tmux = "", ...server] = command.slice(0, command.indexOf("attach-session"));
  execFileSync(tmux, [...server, "send-keys", "-t", `=${agent.session}:0.0`, "C-c"], { env });
  await bench.untilScreen(agent.id, /caught/);
  await bench.agentParts.tmux.say(agent.session, "go");
  assert.equal((await bench.until(agent.id, "failed")).exitCode, 5);
});

test("failures report what happened", limit, async () => {
  const issue = await bench.addIssue(3, "Three");
  const start = (name: string) =>
    bench.agents.start({ projectId: "shop", issue, name, prompt: "", plan: false, actor: "you" });
  await assert.rejects(start("scriptd"), { code: "invalid_input", hint: /Did you mean “scripted”/ });
  const { agent, running } = await start("missing");
  await assert.rejects(running, { code: "not_found", message: /no-such-program-here is not installed/ });
  assert.match((await bench.agents.get(agent.id)).reason ?? "", /not installed/);
  const failed = await bench.begin(3, ["say It broke", "exit 7"]);
  const end = await bench.until(failed.id, "failed");
  assert.deepEqual([end.exitCode, end.reason], [7, "exit 7: It broke"]);
  await assert.rejects(bench.agents.message(failed.id, "hello"), { code: "conflict", hint: /resume/ });
  bench.change({ beforeRun: ["echo not today >&2; exit 1"] });
  const { running: kept } = await start("scripted");
  await assert.rejects(kept, { message: /not today/ });
  bench.change({ beforeRun: [] });
});

test("only one agent at a time runs in a workspace", limit, async () => {
  const first = await bench.begin(4, ["read"]);
  await assert.rejects(bench.begin(4, ["read"]), { code: "conflict", message: /already working on shop#4/ });
  await assert.rejects(bench.workspaces.remove(first.workspaceId ?? 0, { force: false }), {
    message: /scripted is (?:at work|working) in it/,
  });
  await bench.agents.stop(first.id);
});

test("a stopped agent is resumed in its workspace", limit, async () => {
  const agent = await bench.begin(15, ["write a.txt one", "read"]);
  const path = await bench.pathOf(agent);
  await eventually(() => (existsSync(join(path, "a.txt")) ? true : undefined), "it wrote");
  await bench.agents.stop(agent.id);
  assert.match(await bench.agents.screen(agent.id), /begins on shop#15/);
  const { running } = await bench.agents.resume(agent.id, { prompt: "script:\nwrite a.txt two\nexit 0" });
  assert.equal((await running).turn, 2);
  await bench.until(agent.id, "finished");
  assert.equal(readFileSync(join(path, "a.txt"), "utf8"), "one\ntwo\n");
  const prompt = readFileSync(join(path, ".panopticon", "PROMPT.md"), "utf8");
  assert.match(prompt, /^Go on with the work/);
});

test("signals from before an agent was resumed are ignored", limit, async () => {
  const agent = await bench.begin(25, ["done", "exit 0"]);
  await bench.until(agent.id, "finished");
  const { running } = await bench.agents.resume(agent.id, { prompt: "script:\nask Which one?\nexit 3" });
  await running;
  assert.equal((await bench.until(agent.id, "waiting")).reason, "Which one?");
  await bench.agents.message(agent.id, "this one");
  assert.equal((await bench.until(agent.id, "failed")).exitCode, 3);
});

test("sessions are addressed by exact name", limit, async () => {
  const one = await bench.begin(16, ["say I am one", "read"]);
  // A session whose name starts with the other's.
  execFileSync(
    "tmux",
    bench.agentParts.tmux
      .attachCommand("x")
      .slice(1, 5)
      .concat(["new-session", "-d", "-s", `${one.session}0`, "sleep", "60"]),
    {
      env: { ...bench.agentParts.tmux.env },
    },
  );
  for (let time = 0; time < 2; time += 1) await bench.agentParts.tmux.kill(one.session);
  assert.deepEqual(
    (await bench.agentParts.tmux.list()).map(({ name }) => name),
    [`${one.session}0`],
  );
  assert.equal(await bench.agentParts.tmux.capture(one.session), null);
  await bench.agentParts.tmux.kill(`${one.session}0`);
  await bench.until(one.id, "lost");
});

test("the agents of two homes are independent", limit, async () => {
  const other = await makeAgentBench();
  try {
    const theirs = await other.begin(1, ["read"]);
    const ours = await bench.begin(36, ["read"]);
    await bench.restart();
    await other.restart();
    assert.deepEqual(
      (await other.agentParts.tmux.list()).map(({ name, dead }) => [name, dead]),
      [[theirs.session, false]],
    );
    assert.equal((await bench.agents.get(ours.id)).state, "running");
    await bench.agents.stop(ours.id);
  } finally {
    await other.close();
  }
});
